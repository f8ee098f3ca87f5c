import { z } from 'zod'
import type { JsonObject } from './entry.ts'

const quote = z.string().optional()

/** What a customer can do with the phone in hand. */
export const customerAct = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().trim().min(1).max(65_536), quote }),
  z.object({ type: z.literal('image'), caption: z.string().trim().max(1024).optional(), quote }),
  z.object({ type: z.literal('voice'), seconds: z.number().min(1).max(120).default(4), quote }),
  z.object({
    type: z.literal('location'),
    latitude: z.number().min(-90).max(90).default(37.4847),
    longitude: z.number().min(-180).max(180).default(-122.1477),
    name: z.string().default('Linden Street 12'),
    address: z.string().default('Oakland, CA 94607'),
    quote,
  }),
  /** An empty emoji takes the reaction back. */
  z.object({ type: z.literal('reaction'), to: z.string(), emoji: z.string().max(16) }),
  /** A tap on a reply button, a list row or a template's quick reply. */
  z.object({ type: z.literal('choice'), to: z.string(), id: z.string() }),
])

export type CustomerAct = z.input<typeof customerAct>
export type ParsedAct = z.output<typeof customerAct>

/** Something that a customer cannot do; the sentence is for the person at the page. */
export class RefusedAct extends Error {}

/** One thing that a customer can tap in a business message. */
export interface Choice {
  id: string
  title: string
  description?: string
  kind: 'button_reply' | 'list_reply' | 'template'
}

/** What can be tapped in a message of the business. */
export function choicesIn(type: string, content: JsonObject): Choice[] {
  const parsed = tappable.safeParse({ ...content, messageType: type })
  if (!parsed.success) return []
  const { filled, action } = parsed.data
  if (type === 'template') return (filled?.buttons ?? []).map((button) => ({ ...button, kind: 'template' }))
  const buttons = (action?.buttons ?? []).map(({ reply }) => ({ ...reply, kind: 'button_reply' as const }))
  const rows = (action?.sections ?? []).flatMap((section) => section.rows)
  return [...buttons, ...rows.map(withKind)]
}

function withKind(row: { id: string; title: string; description?: string | undefined }): Choice {
  const { description, ...rest } = row
  return { ...rest, ...(description === undefined ? {} : { description }), kind: 'list_reply' }
}

const titled = z.object({ id: z.string(), title: z.string() })
const tappable = z.object({
  messageType: z.enum(['interactive', 'template']),
  filled: z.object({ buttons: z.array(titled) }).optional(),
  action: z
    .object({
      buttons: z.array(z.object({ reply: titled })).optional(),
      sections: z
        .array(z.object({ rows: z.array(titled.extend({ description: z.string().optional() })) }))
        .optional(),
    })
    .optional(),
})
