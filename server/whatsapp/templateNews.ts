import type { Json } from './content.ts'
import { objectOf, textOf } from './json.ts'

/** What a webhook says of one template. What is null stays as it is. */
export type TemplateChange = {
  graphId: string
  status: string | null
  /** Null together with a status: there is no reason any more. */
  rejectedReason: string | null
  quality: string | null
  category: string | null
}

const NOTHING = { status: null, rejectedReason: null, quality: null, category: null }

/** Events that take an earlier one back; FLAGGED only warns. */
const STATUS_OF_EVENT: Record<string, string | null> = {
  REINSTATED: 'APPROVED',
  UNLOCKED: 'APPROVED',
  FLAGGED: null,
}

/** One reader for each field that is about templates (shared facts §2.7); components are fetched anew, with all the rest. */
const READERS: Record<
  string,
  (value: ReturnType<typeof objectOf>) => Omit<TemplateChange, 'graphId'> | null
> = {
  message_template_status_update: ({ event, reason }) => {
    const name = textOf(event)?.toUpperCase()
    if (name === undefined) return null
    const status = Object.hasOwn(STATUS_OF_EVENT, name) ? (STATUS_OF_EVENT[name] ?? null) : name
    const words = textOf(reason)
    return { ...NOTHING, status, rejectedReason: words === 'NONE' ? null : words }
  },
  message_template_quality_update: ({ new_quality_score }) => ({
    ...NOTHING,
    quality: textOf(new_quality_score)?.toUpperCase() ?? null,
  }),
  // With `correct_category` it is a notice of what will be, and `new_category` is what still holds.
  template_category_update: ({ new_category }) => ({
    ...NOTHING,
    category: textOf(new_category)?.toUpperCase() ?? null,
  }),
}

/** The change of a template that a piece of news tells of; null when it tells of none. */
export function templateChange(field: string, value: Json): TemplateChange | null {
  const read = Object.hasOwn(READERS, field) ? READERS[field] : undefined
  const graphId = textOf(objectOf(value).message_template_id)
  const change = read?.(objectOf(value)) ?? null
  return graphId === null || change === null ? null : { graphId, ...change }
}
