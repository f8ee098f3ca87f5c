import { z } from 'zod'
import type { JsonObject } from './entry.ts'

/** One thing that a customer can tap in a business message. */
export interface Choice {
  id: string
  title: string
  description?: string
  /** The heading above rows of a list. */
  section?: string
  /** The last four lead somewhere on the phone and bring no answer by themselves. */
  kind: 'button_reply' | 'list_reply' | 'template' | 'location' | 'url' | 'phone' | 'code'
  value?: string
}

/** What can be tapped in a message of the business. */
export function choicesIn(type: string, content: JsonObject): Choice[] {
  const parsed = tappable.safeParse({ ...content, messageType: type })
  if (!parsed.success) return []
  const { filled, action } = parsed.data
  if (type === 'template') return (filled?.buttons ?? []).map(ofTemplate)
  if (action?.name === 'send_location') return [{ id: 'location', title: 'Send location', kind: 'location' }]
  const link = action?.parameters
  if (link) return [{ id: link.url, title: link.display_text, kind: 'url', value: link.url }]
  const buttons = (action?.buttons ?? []).map(({ reply }) => ({ ...reply, kind: 'button_reply' as const }))
  const rows = (action?.sections ?? []).flatMap(({ title, rows }) => rows.map((row) => ofList(row, title)))
  return [...buttons, ...rows]
}

function ofTemplate({ id, title, kind, value }: TemplateButton): Choice {
  return { id, title, kind: kind === 'reply' ? 'template' : kind, ...(value === undefined ? {} : { value }) }
}

function ofList(row: Row, section: string | undefined): Choice {
  const { id, title, description } = row
  return {
    id,
    title,
    kind: 'list_reply',
    ...(description === undefined ? {} : { description }),
    ...(section === undefined ? {} : { section }),
  }
}

const titled = z.object({ id: z.string(), title: z.string() })
const row = titled.extend({ description: z.string().optional() })
const templateButton = titled.extend({
  kind: z.enum(['reply', 'url', 'phone', 'code']).default('reply'),
  value: z.string().optional(),
})
type Row = z.output<typeof row>
type TemplateButton = z.output<typeof templateButton>

const tappable = z.object({
  messageType: z.enum(['interactive', 'template']),
  filled: z.object({ buttons: z.array(templateButton) }).optional(),
  action: z
    .object({
      name: z.string().optional(),
      parameters: z.object({ display_text: z.string(), url: z.string() }).optional().catch(undefined),
      buttons: z.array(z.object({ reply: titled })).optional(),
      sections: z.array(z.object({ title: z.string().optional(), rows: z.array(row) })).optional(),
    })
    .optional(),
})
