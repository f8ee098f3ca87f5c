import { z } from 'zod'
import type { OutgoingContent } from '../whatsapp/outgoingContent.ts'

/**
 * The shape of what an agent sends, and no more: WhatsApp's limits are checked by the inbox, which says which one was broken
 * and by how much. The lengths here only keep out what nobody types.
 */
const words = z.string().max(20_000).overwrite(storable)
const short = z.string().max(2_100).overwrite(storable)
const fileId = z.uuid()
const framed = { text: words, header: short.optional(), footer: short.optional() }
const place = {
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: short.optional(),
  address: short.optional(),
}

export const templateInput = z.object({
  kind: z.literal('template'),
  templateId: z.uuid(),
  header: z
    .object({ text: short.optional(), fileId: fileId.optional(), ...z.object(place).partial().shape })
    .optional(),
  body: z.record(z.string().max(200), words),
  buttons: z
    .array(z.object({ index: z.number().int().min(0).max(9), value: short }))
    .max(10)
    .optional(),
})

export const outgoingContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: words, preview: z.boolean().optional() }),
  z.object({
    kind: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
    fileId,
    caption: words.optional(),
    isVoice: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('location'), ...place }),
  z.object({
    kind: z.literal('contacts'),
    cards: z
      .array(
        z.object({
          name: short,
          phones: z.array(short).max(20),
          emails: z.array(short).max(20),
          organisation: short.optional(),
        }),
      )
      .max(300),
  }),
  z.object({
    kind: z.literal('buttons'),
    ...framed,
    buttons: z.array(z.object({ id: short, title: short })).max(50),
  }),
  z.object({
    kind: z.literal('list'),
    ...framed,
    button: short,
    sections: z
      .array(
        z.object({
          title: short,
          rows: z.array(z.object({ id: short, title: short, description: short.optional() })).max(50),
        }),
      )
      .max(50),
  }),
  z.object({ kind: z.literal('cta_url'), ...framed, title: short, url: words }),
  z.object({ kind: z.literal('location_request'), text: words }),
  templateInput,
]) satisfies z.ZodType<OutgoingContent>

/** Postgres keeps neither NUL nor halves of surrogate pairs. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '')
}
