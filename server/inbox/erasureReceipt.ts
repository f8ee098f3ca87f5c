import { createHash } from 'node:crypto'
import type { AgentName } from './snapshot.ts'

/** How much was taken away. */
export type ErasedCounts = {
  conversations: number
  /** Those that were sent and received, in their conversations and in groups. */
  messages: number
  notes: number
  files: number
  fileBytes: number
  drafts: number
  /** Messages that were to be sent later, or stood in line. */
  unsent: number
  identities: number
  /** Lines of the log that tabs follow. */
  events: number
  deadLetters: number
}

export type Erasure = {
  id: string
  workspaceId: string
  contactId: string
  actorId: string
  counts: ErasedCounts
  createdAt: Date
}

/** A receipt as it is shown: nothing of it names the person. */
export type ErasureReceipt = {
  id: string
  contactId: string
  /** Null: they are no longer here. */
  actor: AgentName | null
  counts: ErasedCounts
  createdAt: string
  /** SHA-256; stands in the audit log too, so that a receipt can be held against it. */
  hash: string
  /** Whether the receipt is still what was written. */
  isIntact: boolean
  /** Files that are not out of the store yet. 0: everything is gone. */
  filesLeft: number
}

const COUNTED = [
  'conversations',
  'messages',
  'notes',
  'files',
  'fileBytes',
  'drafts',
  'unsent',
  'identities',
  'events',
  'deadLetters',
] as const satisfies (keyof ErasedCounts)[]

/** What stands for a receipt: its fields in a fixed order, a line each. */
export function hashOfErasure({ id, workspaceId, contactId, actorId, counts, createdAt }: Erasure): string {
  const lines = [id, workspaceId, contactId, actorId, createdAt.toISOString()]
  const counted = COUNTED.map((name) => `${name} ${counts[name]}`)
  return createHash('sha256')
    .update([...lines, ...counted].join('\n'))
    .digest('hex')
}
