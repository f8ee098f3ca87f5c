import type { AgentName, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { detailsOf, troubleOf } from '../api/refusal.ts'

/** Why the server did not take a message, and what it said beside that. */
export type SendRefusal = {
  message: string
  reason: string | null
  /** Who holds the reply lock, when that was the reason, and until when if that is known. */
  holder: AgentName | null
  expiresAt: string | null
  /** What colleagues said meanwhile, when that was the reason, and how far it goes in the log. */
  missed: readonly MessageSnapshot[]
  seq: string | null
}

/** Reasons that are about colleagues: whoever wrote the message decides, and may send it after all. */
const ABOUT_COLLEAGUES: ReadonlySet<string | null> = new Set(['LOCKED', 'LOCK_LOST', 'COLLEAGUE_REPLIED'])

export function sendRefusalOf(error: unknown): SendRefusal {
  const { message, reason } = troubleOf(error)
  const details = detailsOf(error)
  return {
    message,
    reason,
    holder: isAgentName(details.holder) ? details.holder : null,
    expiresAt: typeof details.expiresAt === 'string' ? details.expiresAt : null,
    missed: Array.isArray(details.messages) ? inTheirOrder(details.messages.filter(isMessage)) : [],
    seq: typeof details.seq === 'string' ? details.seq : null,
  }
}

export function isAboutColleagues(refused: SendRefusal | null): refused is SendRefusal {
  return refused !== null && ABOUT_COLLEAGUES.has(refused.reason)
}

/** Whose messages were missed, each once. */
export function authorsOf({ missed }: SendRefusal): AgentName[] {
  const authors = missed.map(({ agent }) => agent ?? { id: '', name: 'A colleague' })
  return [...new Map(authors.map((author) => [author.id, author])).values()]
}

/** A parser of `LOCKED`, `LOCK_LOST` and the like: details travel untyped. */
export function isAgentName(value: unknown): value is AgentName {
  return typeof value === 'object' && value !== null && 'id' in value && 'name' in value
}

const inTheirOrder = (messages: MessageSnapshot[]) =>
  messages.sort((a, b) => (a.position < b.position ? -1 : 1))

function isMessage(value: unknown): value is MessageSnapshot {
  return typeof value === 'object' && value !== null && 'id' in value && 'content' in value
}
