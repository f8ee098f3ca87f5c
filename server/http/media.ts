import type { Hono } from 'hono'
import type { AppEnv } from './app.ts'
import { exportContact } from './exportContact.ts'
import type { MediaParts } from './mediaAccess.ts'
import { serveMedia } from './serveMedia.ts'
import { uploadMedia } from './uploadMedia.ts'

/** The routes of files: those of messages, and those that agents upload. */
export function addMediaRoutes(app: Hono<AppEnv>, parts: MediaParts): void {
  app.post('/media', (c) => uploadMedia(parts, c.req.raw))
  app.get('/media/contacts/:id', (c) => exportContact(parts, c.req.param('id'), c.req.raw))
  app.get('/media/:id', (c) => serveMedia(parts, c.req.param('id'), c.req.raw))
}
