import type { DraftSnapshot } from '../../../../server/inbox/drafts.ts'

/** An answer to the customer, or a private note: an agent may be writing both. */
export type DraftKind = 'reply' | 'note'

/** What is being written, as this device has it. */
export type Draft = {
  text: string
  quotedMessageId: string | null
  /** Of the server's draft from which this one was written on; 0: it has none. */
  version: number
  /** Whether the server has exactly this. */
  isSaved: boolean
}

export type ServerDraft = Pick<DraftSnapshot, 'body' | 'quotedMessageId' | 'version'>

/** What stands here now, and what another device wrote that does not, and is offered. */
export type Merged = { draft: Draft; replaced: string | null }

export const NO_DRAFT: Draft = { text: '', quotedMessageId: null, version: 0, isSaved: true }

/**
 * This device's draft and the server's. What was typed here and not saved yet stays, for somebody types here at this moment; what
 * another device saved meanwhile is offered then, so that nothing that was written is gone without a word. Otherwise the later
 * version counts, also when it is empty: it was sent, or thrown away, elsewhere.
 */
export function mergeDraft(local: Draft, server: ServerDraft): Merged {
  const { body, quotedMessageId, version } = server
  if (version <= local.version) return { draft: local, replaced: null }
  if (local.isSaved || local.text === body)
    return { draft: { text: body, quotedMessageId, version, isSaved: true }, replaced: null }
  return { draft: { ...local, version }, replaced: body.trim() === '' ? null : body }
}

/** After a save: what was typed while it was under way is not saved yet. */
export function afterSave(now: Draft, saved: Draft, version: number): Draft {
  const isSaved = now.text === saved.text && now.quotedMessageId === saved.quotedMessageId
  return { ...now, version, isSaved }
}
