import { pageLocale } from '../words/language.ts'
import type { Template } from './template.ts'

/** How a status looks beside a template that cannot be sent; `APPROVED` and what else can be sent has none. */
const STATUS: Record<string, string> = {
  PAUSED: 'Paused',
  DISABLED: 'Disabled',
  REJECTED: 'Rejected',
  PENDING: 'In review',
  IN_APPEAL: 'In review',
  DELETED: 'Deleted',
  PENDING_DELETION: 'Deleted',
}

const CATEGORY: Record<string, string> = {
  MARKETING: 'Marketing',
  UTILITY: 'Utility',
  AUTHENTICATION: 'Authentication',
}

export const categoryInWords = (category: string) =>
  CATEGORY[category.toUpperCase()] ?? category.toLowerCase()

const languages = new Intl.DisplayNames(pageLocale(), { type: 'language' })

/** `en_US` reads “American English”. */
export function languageInWords(code: string): string {
  try {
    return languages.of(code.replace('_', '-')) ?? code
  } catch {
    return code
  }
}

/** Why a template cannot be sent to this customer, as a badge and as a sentence; null: it can. */
export function obstacleTo(
  { status, unusable, category }: Template,
  optedOutName: string | null,
): { badge: string; words: string } | null {
  if (unusable) return { badge: STATUS[status.toUpperCase()] ?? 'Not sendable', words: unusable }
  if (optedOutName === null || category.toUpperCase() !== 'MARKETING') return null
  return { badge: 'Opted out', words: `${optedOutName} wants no marketing. Other templates can be sent.` }
}

/** Quality that goes down before Meta pauses a template. */
export function qualityInWords(quality: string | null): string | null {
  return { LOW: 'Low quality', RED: 'Low quality' }[quality?.toUpperCase() ?? ''] ?? null
}
