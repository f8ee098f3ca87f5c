import { z } from 'zod'

/** A text with a limit, worded as WhatsApp words it for interactive messages (131009). */
export function limited(name: string, most: number) {
  const message = `${name} length invalid. Min length: 1, Max length: ${most}`
  return z.string().min(1, message).max(most, message)
}

const source = z
  .looseObject({ id: z.string().optional(), link: z.url().optional() })
  .refine((file) => file.id !== undefined || file.link !== undefined, {
    message: 'id or link is required',
    params: { missing: true },
  })
const textHeader = z.looseObject({ type: z.literal('text'), text: limited('Header text', 60) })
const anyHeader = z.discriminatedUnion('type', [
  textHeader,
  z.looseObject({ type: z.literal('image'), image: source }),
  z.looseObject({ type: z.literal('video'), video: source }),
  z.looseObject({ type: z.literal('document'), document: source }),
])
const footer = z.looseObject({ text: limited('Footer text', 60) }).optional()
const body = (most: number) => z.looseObject({ text: limited('Body text', most) })

const replyButton = z.looseObject({
  type: z.literal('reply'),
  reply: z.looseObject({ id: limited('Button id', 256), title: limited('Button title', 20) }),
})

const row = z.looseObject({
  id: limited('Row id', 200),
  title: limited('Row title', 24),
  description: limited('Row description', 72).optional(),
})
const section = z.looseObject({ title: limited('Section title', 24).optional(), rows: z.array(row).min(1) })
const mostRows = 10

/** `interactive` of each type that the inbox can send. */
export const interactiveShape = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('button'),
    header: anyHeader.optional(),
    body: body(1024),
    footer,
    action: z.looseObject({
      buttons: z
        .array(replyButton)
        .min(1, 'Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3')
        .max(3, 'Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3')
        .refine((buttons) => areUnique(buttons.map((one) => one.reply.id)), 'Duplicated reply button id')
        .refine(
          (buttons) => areUnique(buttons.map((one) => one.reply.title)),
          'Duplicated reply button title',
        ),
    }),
  }),
  z.looseObject({
    type: z.literal('list'),
    header: textHeader.optional(),
    body: body(4096),
    footer,
    action: z.looseObject({
      button: limited('Button', 20),
      sections: z
        .array(section)
        .min(1, 'Invalid sections count. Min allowed sections: 1, Max allowed sections: 10')
        .max(10, 'Invalid sections count. Min allowed sections: 1, Max allowed sections: 10')
        .refine(
          (sections) => sections.length === 1 || sections.every((one) => one.title !== undefined),
          'Section title is required when there is more than one section',
        )
        .refine(
          (sections) => rowsOf(sections).length <= mostRows,
          `Total row count exceed max allowed count: ${mostRows}`,
        )
        .refine((sections) => areUnique(rowsOf(sections).map((one) => one.id)), 'Duplicated row id'),
    }),
  }),
  z.looseObject({
    type: z.literal('cta_url'),
    header: anyHeader.optional(),
    body: body(1024),
    footer,
    action: z.looseObject({
      name: z.literal('cta_url'),
      parameters: z.looseObject({
        display_text: limited('Button text', 20),
        url: z.url({ protocol: /^https?$/ }),
      }),
    }),
  }),
  z.looseObject({
    type: z.literal('location_request_message'),
    body: body(1024),
    action: z.looseObject({ name: z.literal('send_location') }),
  }),
  z.looseObject({
    type: z.literal('flow'),
    body: body(1024),
    action: z.looseObject({ name: z.literal('flow') }),
  }),
])

function rowsOf<Row>(sections: readonly { rows: readonly Row[] }[]): Row[] {
  return sections.flatMap((one) => one.rows)
}

function areUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}
