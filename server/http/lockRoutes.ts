import type { Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { z } from 'zod'
import type { Agent } from '../inbox/agent.ts'
import { Refusal, type RefusalReason } from '../inbox/refusal.ts'
import type { Locks } from '../live/locks.ts'
import type { LockSnapshot } from '../live/presenceItem.ts'
import type { AppEnv } from './app.ts'

export type LockRouteOptions = {
  locks: Pick<Locks, 'acquire' | 'takeover' | 'heartbeat' | 'release' | 'leave'>
  /** Who asks, by session cookie or API key; null when nobody is known. */
  agentOfRequest(request: Request): Promise<Agent | null>
}

/** All of it may be left out: a caller without tabs is one tab of its agent, and holds whichever fence the agent has. */
const body = z.object({ tabId: z.uuid().optional(), fence: z.number().int().positive().nullish() })

type Asked = { agent: Agent; at: { conversationId: string; tabId: string; fence: number | null } }

const STATUS_OF = {
  NOT_FOUND: 404,
  LOCKED: 409,
  LOCK_LOST: 409,
  UNAVAILABLE: 503,
} as const satisfies Partial<Record<RefusalReason, ContentfulStatusCode>>

/**
 * `POST /api/v1/conversations/{id}/lock | unlock | heartbeat | takeover`, and `leave` for a page that is being closed
 * (`navigator.sendBeacon` with `{ tabId }` as application/json): the same locks as `locks.*` of tRPC.
 */
export function addLockRoutes(app: Hono<AppEnv>, { locks, agentOfRequest }: LockRouteOptions): void {
  const post = (verb: string, work: (asked: Asked) => Promise<LockSnapshot | null>) => {
    app.post(`/api/v1/conversations/:conversationId/${verb}`, async (c) => {
      const asked = await readAsked(c, agentOfRequest)
      if (asked instanceof Response) return asked
      try {
        const lock = await work(asked)
        return lock === null ? c.body(null, 204) : c.json(lock)
      } catch (error) {
        return refusalAsJson(c, error)
      }
    })
  }
  post('lock', ({ agent, at }) => locks.acquire(agent, at))
  post('takeover', ({ agent, at }) => locks.takeover(agent, at))
  post('heartbeat', ({ agent, at }) => locks.heartbeat(agent, at))
  post('unlock', async ({ agent, at }) => {
    await locks.release(agent, at)
    return null
  })
  post('leave', async ({ agent, at }) => {
    await locks.leave(agent, at)
    return null
  })
}

async function readAsked(
  c: Context<AppEnv>,
  agentOfRequest: LockRouteOptions['agentOfRequest'],
): Promise<Asked | Response> {
  const requestId = c.get('requestId')
  const agent = await agentOfRequest(c.req.raw)
  if (agent === null) return c.json({ error: 'Please sign in.', reason: 'UNAUTHORIZED', requestId }, 401)
  const conversationId = z.uuid().safeParse(c.req.param('conversationId'))
  if (!conversationId.success) {
    return c.json({ error: 'There is no such conversation.', reason: 'NOT_FOUND', requestId }, 404)
  }
  const text = await c.req.text()
  const read = body.safeParse(text === '' ? {} : jsonOf(text))
  if (!read.success) {
    const error = 'Send { "tabId": uuid, "fence": number } as JSON, or nothing.'
    return c.json({ error, reason: 'BAD_REQUEST', requestId }, 400)
  }
  const { tabId = agent.id, fence = null } = read.data
  return { agent, at: { conversationId: conversationId.data, tabId, fence } }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** 409 carries `{ reason, holder, expiresAt }`. What is no refusal is a fault of ours, and goes on. */
function refusalAsJson(c: Context<AppEnv>, error: unknown): Response {
  if (!(error instanceof Refusal)) throw error
  const status = Object.entries(STATUS_OF).find(([reason]) => reason === error.reason)?.[1]
  if (status === undefined) throw error
  const { reason, message, details } = error
  return c.json({ reason, ...details, error: message, requestId: c.get('requestId') }, status)
}
