import { initTRPC, TRPCError } from '@trpc/server'
import { Refusal, type RefusalReason } from '../inbox/refusal.ts'
import type { Context } from './context.ts'

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
} as const satisfies Record<RefusalReason, TRPCError['code']>

const t = initTRPC.context<Context>().create({
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
  if (cause instanceof Refusal) {
    throw new TRPCError({ code: CODE_OF_REFUSAL[cause.reason], message: cause.message, cause })
  }
  if (result.error.code === 'INTERNAL_SERVER_ERROR') {
    ctx.services.log.error({ err: cause ?? result.error, path, requestId: ctx.requestId }, 'procedure failed')
  }
  return result
})

/** For whoever is not signed in. */
export const publicProcedure = t.procedure.use(refusals)

/** For a signed-in member of a workspace: `ctx.agent` is loaded anew for each call, so a removal counts at once. */
export const memberProcedure = publicProcedure.use(async ({ next, ctx }) => {
  if (ctx.sessionId === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Please sign in.' })
  const agent = await ctx.services.agentOfSession(ctx.sessionId)
  if (agent === null) {
    throw new Refusal(
      'NOT_A_MEMBER',
      'You are not a member of this workspace any more. Please sign in again.',
    )
  }
  return next({ ctx: { ...ctx, sessionId: ctx.sessionId, agent } })
})
