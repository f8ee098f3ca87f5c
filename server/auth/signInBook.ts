import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Sql } from '../../db/client.ts'
import { writeAudit } from '../inbox/writeAudit.ts'
import { deviceOf } from './deviceOf.ts'
import { networkOf } from './networkOf.ts'

/** How somebody showed who they are. */
export type SignInWay = 'password' | 'passkey' | 'second_factor' | 'recovery_code' | 'single_sign_on'

/** Why it was refused. Of addresses that nobody has nothing is kept: strangers must not write into the log. */
export type SignInFailure = 'wrong_password' | 'wrong_code' | 'deactivated' | 'demo_is_off' | 'too_many_tries'

/** Where a request comes from. */
export type Visitor = { address: string; userAgent: string | null }

/** What becomes of sign-ins, in the audit log of the workspace that they were meant for. */
export type SignInBook = {
  /** Why somebody who showed who they are is not let in all the same. */
  refusalOf(agentId: string): Promise<'deactivated' | 'demo_is_off' | null>
  entered(agentId: string, way: SignInWay, visitor: Visitor): Promise<void>
  failed(agentId: string, why: SignInFailure, visitor: Visitor): Promise<void>
  left(agentId: string): Promise<void>
  /** Rings for those whose sockets hang on the session. */
  sessionEnded(): void
  /** The id of whoever signs in with this address. */
  agentWith(email: string): Promise<string | null>
  /** Sessions that are over are kept no longer than the next sign-in. */
  forgetEnded(usedSince: Date, now: Date): Promise<void>
}

/** Refused sign-ins of one account that are written down in an hour: what guessers from many addresses do is plain by then. */
export const MOST_FAILURES_TOLD = 200
const HOUR_S = 60 * 60

export type SignInBookOptions = {
  sql: Sql
  /** The demo's accounts, whose password everybody knows, open only the demo. */
  isDemo: boolean
  /** Called when a session has ended. */
  sessionEnded?(): void
}

/** Keeps the book in the audit log: the network of the visitor and the device in words, never the address. */
export function createSignInBook({ sql, isDemo, sessionEnded }: SignInBookOptions): SignInBook {
  const write = async (agentId: string, action: string, isActor: boolean, details: object | null) => {
    const [member] = await sql<{ workspaceId: string; name: string }[]>`
      select m.workspace_id, a.name from memberships m join agents a on a.id = m.agent_id
      where m.agent_id = ${agentId} order by m.created_at, m.workspace_id limit 1`
    if (!member) return
    const { workspaceId, name } = member
    const who = isActor ? {} : { agentId, name }
    const actorId = isActor ? agentId : null
    await sql.begin((tx) =>
      writeAudit(tx, { workspaceId, actorId, action, details: details && { ...who, ...details } }),
    )
  }
  const failures = new RateLimiterMemory({ points: MOST_FAILURES_TOLD, duration: HOUR_S })
  const from = ({ address, userAgent }: Visitor) => ({ ...deviceOf(userAgent), network: networkOf(address) })
  return {
    async refusalOf(agentId) {
      const [member] = await sql<{ isActive: boolean; isDemo: boolean }[]>`
        select m.deactivated_at is null as is_active, w.is_demo
        from memberships m join workspaces w on w.id = m.workspace_id
        where m.agent_id = ${agentId}
        order by m.deactivated_at is not null, m.created_at, m.workspace_id limit 1`
      if (!member?.isActive) return 'deactivated'
      return member.isDemo && !isDemo ? 'demo_is_off' : null
    },
    entered: (agentId, way, visitor) => write(agentId, 'sign_in.done', true, { way, ...from(visitor) }),
    failed: async (agentId, why, visitor) => {
      const isTold = await failures.consume(agentId).then(
        () => true,
        () => false,
      )
      if (!isTold) return
      const action = why === 'too_many_tries' ? 'sign_in.blocked' : 'sign_in.failed'
      await write(agentId, action, false, { why, ...from(visitor) })
    },
    left: (agentId) => write(agentId, 'sign_out.done', true, null),
    sessionEnded: () => sessionEnded?.(),
    async agentWith(email) {
      const [agent] = await sql<{ id: string }[]>`select id from agents where email = ${email.toLowerCase()}`
      return agent?.id ?? null
    },
    async forgetEnded(usedSince, now) {
      await sql`
        delete from sessions where expires_at <= ${now.toISOString()} or updated_at <= ${usedSince.toISOString()}`
    },
  }
}
