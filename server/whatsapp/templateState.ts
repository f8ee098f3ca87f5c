/** Why a template can not be sent now: a stable word, and a sentence for people. */
export type TemplateTrouble = { problem: string; sentence: string }

/** What each status of Meta means for whoever wants to send; a status that is not here is treated as not approved. */
const TROUBLES: Record<string, TemplateTrouble> = {
  PAUSED: {
    problem: 'paused',
    sentence:
      'WhatsApp has paused this template because customers reported it or did not read it. It comes back by itself.',
  },
  DISABLED: {
    problem: 'disabled',
    sentence: 'WhatsApp has disabled this template for good. Choose another one.',
  },
  REJECTED: {
    problem: 'rejected',
    sentence:
      'WhatsApp did not approve this template. Have it changed in the WhatsApp Manager, or choose another one.',
  },
  PENDING: {
    problem: 'pending',
    sentence: 'WhatsApp is still reviewing this template. Choose another one, or wait.',
  },
  DELETED: {
    problem: 'deleted',
    sentence: 'This template was deleted at WhatsApp. Choose another one.',
  },
}
const SYNONYMS: Record<string, string> = {
  IN_APPEAL: 'PENDING',
  PENDING_DELETION: 'DELETED',
  ARCHIVED: 'DELETED',
  LIMIT_EXCEEDED: 'PAUSED',
  LOCKED: 'PAUSED',
}
/** Can be sent. FLAGGED warns of a pause to come; REINSTATED and UNLOCKED take an earlier one back. */
const USABLE = new Set(['APPROVED', 'ACTIVE', 'FLAGGED', 'REINSTATED', 'UNLOCKED'])

/** Why a template with this status can not be sent; null: it can. `unknownPart`: see {@link templateForm}. */
export function templateTrouble(
  template: { status: string; isDeleted: boolean },
  unknownPart: string | null,
): TemplateTrouble | null {
  const status = template.isDeleted ? 'DELETED' : template.status.toUpperCase()
  if (!USABLE.has(status)) {
    const sentence = 'WhatsApp has not approved this template. Choose another one.'
    return TROUBLES[SYNONYMS[status] ?? status] ?? { problem: 'not_approved', sentence }
  }
  if (unknownPart === null) return null
  const part = unknownPart.toLowerCase().replaceAll('_', ' ')
  return { problem: 'not_supported', sentence: `Baton cannot send templates with “${part}” yet.` }
}
