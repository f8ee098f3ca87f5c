import type { Schema } from './operation.ts'

/** A route of the API that is no procedure as REST: written by hand, and documented when the app has it. */
export type OtherRoute = {
  name: string
  method: 'get' | 'post'
  /** The whole path. */
  path: string
  scope: string
  about: string
  /** Its query, by name. */
  query?: Record<string, Schema>
  body?: Schema
  /** Of the body; JSON, if not said. */
  bodyType?: string
  answers: Record<string, { description: string; type?: string; schema?: Schema }>
}

const LOCK: Schema = {
  type: 'object',
  properties: {
    conversationId: { type: 'string', format: 'uuid' },
    holder: { $ref: '#/components/schemas/AgentName' },
    fence: { type: 'integer', description: 'Goes with each send: an older one is refused as LOCK_LOST.' },
    expiresAt: { type: 'string', format: 'date-time' },
  },
  required: ['conversationId', 'holder', 'fence', 'expiresAt'],
}
/** All of it may be left out: a program without tabs is one tab of its agent. */
const LOCK_BODY: Schema = {
  type: 'object',
  properties: { tabId: { type: 'string', format: 'uuid' }, fence: { type: ['integer', 'null'] } },
}
const HELD: Schema = {
  type: 'object',
  properties: {
    reason: { enum: ['LOCKED', 'LOCK_LOST'] },
    holder: { anyOf: [{ $ref: '#/components/schemas/AgentName' }, { type: 'null' }] },
    expiresAt: { type: ['string', 'null'], format: 'date-time' },
  },
  required: ['reason'],
}
const LOCKED_NOW = { 200: { description: 'The lock is yours.', schema: LOCK } }
const HELD_BY_OTHER = { 409: { description: 'Somebody else holds it, or took it.', schema: HELD } }

const lockRoute = (verb: string, about: string, answers: OtherRoute['answers']): OtherRoute => ({
  name: `locks.${verb}`,
  method: 'post',
  path: `/api/v1/conversations/{id}/${verb}`,
  scope: 'write',
  about,
  body: LOCK_BODY,
  answers,
})

/** The reply lock, at the addresses that people's scripts know; files; and the feed, which REST has no word for. */
export const OTHER_ROUTES: OtherRoute[] = [
  lockRoute('lock', 'Takes the reply lock, for 30 seconds.', { ...LOCKED_NOW, ...HELD_BY_OTHER }),
  lockRoute('unlock', 'Gives the reply lock back.', { 204: { description: 'It is free.' } }),
  lockRoute('heartbeat', 'Keeps the reply lock: every 10 seconds.', { ...LOCKED_NOW, ...HELD_BY_OTHER }),
  lockRoute('takeover', 'Takes the reply lock from whoever holds it, who is told.', LOCKED_NOW),
  {
    name: 'media.upload',
    method: 'post',
    path: '/media',
    scope: 'write',
    about:
      'Takes a file that shall go out; a message then names its id. What WhatsApp would not take is refused at once.',
    query: {
      channelId: { type: 'string', format: 'uuid' },
      kind: { enum: ['image', 'video', 'audio', 'document', 'sticker'] },
      filename: { type: 'string', default: '' },
    },
    body: { type: 'string', format: 'binary' },
    bodyType: 'application/octet-stream',
    answers: {
      201: {
        description: 'It is kept.',
        schema: {
          type: 'object',
          properties: { media: { $ref: '#/components/schemas/MediaSnapshot' } },
          required: ['media'],
        },
      },
    },
  },
  {
    name: 'media.file',
    method: 'get',
    path: '/media/{id}',
    scope: 'read',
    about: 'A file, or a range of it.',
    query: {
      thumbnail: { enum: ['1'], description: 'The small picture.' },
      download: { enum: ['1'], description: 'As an attachment.' },
    },
    answers: {
      200: {
        description: 'The bytes.',
        type: 'application/octet-stream',
        schema: { type: 'string', format: 'binary' },
      },
    },
  },
  {
    name: 'live.feed',
    method: 'get',
    path: '/trpc/live.feed',
    scope: 'read',
    about:
      'Follows the workspace as server-sent events (`Accept: text/event-stream`). Each event without a name is an item of the feed, and its `id` is the cursor: send the last one back in `Last-Event-ID`, and nothing is missed or doubled. Start with the `cursor` of a list. Events named `connected` and `ping` say that the line is alive, `serialized-error` says why it ends.',
    query: {
      input: {
        type: 'string',
        description: 'JSON, URL-encoded: `{"lastEventId":"<cursor>"}`. Without it the feed starts now.',
        default: '{}',
      },
    },
    answers: {
      200: {
        description: 'A stream that does not end by itself.',
        type: 'text/event-stream',
        schema: { $ref: '#/components/schemas/FeedItem' },
      },
    },
  },
]
