import { initTRPC, TRPCError } from '@trpc/server'
import { type Credential, lacking } from '../auth/credential.ts'
import { demand } from '../inbox/policy.ts'
import { Refusal, type RefusalReason } from '../inbox/refusal.ts'
import { scopeOf } from './access.ts'
import type { Context } from './context.ts'
import { neededFor } from './needs.ts'

/** Which tRPC code goes with a refusal; the reason itself travels in `data.reason`. */
const CODE_OF_REFUSAL = {
  NOT_FOUND: 'NOT_FOUND',
  NOT_A_MEMBER: 'UNAUTHORIZED',
  WINDOW_CLOSED: 'PRECONDITION_FAILED',
  MESSAGE_EMPTY: 'BAD_REQUEST',
  MESSAGE_TOO_LONG: 'BAD_REQUEST',
  ID_TAKEN: 'CONFLICT',
  FORBIDDEN: 'FORBIDDEN',
  LOCKED: 'CONFLICT',
  LOCK_LOST: 'CONFLICT',
  COLLEAGUE_REPLIED: 'CONFLICT',
  CHANNEL_STOPPED: 'PRECONDITION_FAILED',
  MESSAGE_INVALID: 'BAD_REQUEST',
  MEDIA_UNUSABLE: 'BAD_REQUEST',
  TEMPLATE_UNUSABLE: 'BAD_REQUEST',
  OPTED_OUT: 'PRECONDITION_FAILED',
  WRONG_STATE: 'CONFLICT',
  NOT_ASSIGNABLE: 'BAD_REQUEST',
  NAME_TAKEN: 'CONFLICT',
  INPUT_INVALID: 'BAD_REQUEST',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  KEY_INVALID: 'UNAUTHORIZED',
  SCOPE_MISSING: 'FORBIDDEN',
} as const satisfies Record<RefusalReason, TRPCError['code']>

/** Of streams by SSE; those by WebSocket have pings of their own (`ws/bridge.ts`). */
const PING_EVERY_MS = 15_000

const t = initTRPC.context<Context>().create({
  // A stream that says nothing is cut by proxies, and a client can not tell it from a dead one.
  sse: {
    ping: { enabled: true, intervalMs: PING_EVERY_MS },
    client: { reconnectAfterInactivityMs: 3 * PING_EVERY_MS },
  },
  /** `reason` is for programs, `requestId` for support; what went wrong inside stays inside. */
  errorFormatter({ shape, error, ctx }) {
    const { reason = null, details = null } = error.cause instanceof Refusal ? error.cause : {}
    const isOurFault = error.code === 'INTERNAL_SERVER_ERROR'
    return {
      ...shape,
      message: isOurFault ? 'Something went wrong on the server. Please try again.' : shape.message,
      data: { ...shape.data, stack: undefined, reason, details, requestId: ctx?.requestId ?? null },
    }
  },
})

export const router = t.router

const refusals = t.middleware(async ({ next, ctx, path }) => {
  const result = await next()
  if (result.ok) return result
  const { cause } = result.error
  if (cause instanceof Refusal) throw errorOf(cause)
  if (result.error.code === 'INTERNAL_SERVER_ERROR') {
    ctx.services.log.error({ err: cause ?? result.error, path, requestId: ctx.requestId }, 'procedure failed')
  }
  return result
})

/** Requests are counted before they come here (`http/rateLimit.ts`). */
const counted = t.middleware(async ({ next, ctx }) => {
  const over = await ctx.countCall?.()
  if (over) {
    throw new Refusal(
      'TOO_MANY_REQUESTS',
      `Too many requests. Please try again in ${over.retryAfterS} s.`,
      over,
    )
  }
  return next()
})

/** For whoever is not signed in. */
export const publicProcedure = t.procedure.use(refusals).use(counted)

/**
 * For a member of a workspace, signed in or with an API key: `ctx.agent` is loaded anew for each call, so a removal and a
 * revocation count at once. What a key may call stands in `access.ts`.
 */
export const memberProcedure = publicProcedure.use(async ({ next, ctx, path }) => {
  const { credential, services } = ctx
  if (credential === null) {
    throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Please sign in, or send an API key.' })
  }
  const caller = await services.callerOf(credential)
  if (caller === null) throw over(credential)
  const scope = scopeOf(path)
  if (caller.scopes !== null && (scope === undefined || !caller.scopes.some((held) => held === scope))) {
    throw lacking(scope ?? null)
  }
  const permission = neededFor(path)
  if (permission === undefined) throw new Error(`${path} has no line in needs.ts`)
  if (permission !== 'anyone') demand(caller.agent, permission)
  return next({ ctx: { ...ctx, credential, agent: caller.agent, scopes: caller.scopes } })
})

/** For a person in their browser: sessions and password are theirs alone, and nothing for a program that acts for them. */
export const ownProcedure = memberProcedure.use(({ next, ctx }) => {
  const { credential } = ctx
  if (credential.kind !== 'session') {
    throw errorOf(new Refusal('FORBIDDEN', 'An API key has no sessions and no password. Sign in for that.'))
  }
  return next({ ctx: { ...ctx, sessionId: credential.sessionId } })
})

/** Why somebody who was let in once is not any more; as tRPC's own error, since a stream throws it past the middlewares. */
export function over(credential: Credential): TRPCError {
  const refusal =
    credential.kind === 'apiKey'
      ? new Refusal('KEY_INVALID', 'This API key is wrong, has expired or was revoked.')
      : new Refusal('NOT_A_MEMBER', 'You are not a member of this workspace any more. Please sign in again.')
  return errorOf(refusal)
}

/** A refusal as tRPC throws it. */
export function errorOf(refusal: Refusal): TRPCError {
  return new TRPCError({ code: CODE_OF_REFUSAL[refusal.reason], message: refusal.message, cause: refusal })
}
