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
  answers,
})

/** The reply lock, at the addresses that people's scripts know, and the feed, which REST has no word for. */
export const OTHER_ROUTES: OtherRoute[] = [
  lockRoute('lock', 'Takes the reply lock, for 30 seconds.', { ...LOCKED_NOW, ...HELD_BY_OTHER }),
  lockRoute('unlock', 'Gives the reply lock back.', { 204: { description: 'It is free.' } }),
  lockRoute('heartbeat', 'Keeps the reply lock: every 10 seconds.', { ...LOCKED_NOW, ...HELD_BY_OTHER }),
  lockRoute('takeover', 'Takes the reply lock from whoever holds it, who is told.', LOCKED_NOW),
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
