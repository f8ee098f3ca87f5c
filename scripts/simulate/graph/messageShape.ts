import { z } from 'zod'
import type { JsonObject } from '../entry.ts'
import { Refusal } from './refusal.ts'

const caption = z.string().max(1024).optional()
const source = { id: z.string().optional(), link: z.url().optional() }
const hasSource = (media: { id?: string | undefined; link?: string | undefined }) =>
  media.id !== undefined || media.link !== undefined
const needsSource = { message: 'id or link is required', params: { missing: true } }
const media = z.looseObject({ ...source, caption }).refine(hasSource, needsSource)
const captionless = z.looseObject(source).refine(hasSource, needsSource)
const coordinate = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])

const interactiveShape = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('button'),
    body: z.looseObject({ text: z.string().min(1).max(1024) }),
    action: z.looseObject({
      buttons: z
        .array(
          z.looseObject({
            reply: z.looseObject({ id: z.string().max(256), title: z.string().min(1).max(20) }),
          }),
        )
        .min(1)
        .max(3),
    }),
  }),
  z.looseObject({
    type: z.literal('list'),
    body: z.looseObject({ text: z.string().min(1).max(4096) }),
    action: z.looseObject({
      button: z.string().min(1).max(20),
      sections: z
        .array(
          z.looseObject({
            rows: z
              .array(z.looseObject({ id: z.string().max(200), title: z.string().min(1).max(24) }))
              .min(1),
          }),
        )
        .min(1)
        .max(10),
    }),
  }),
  ...(['cta_url', 'flow', 'location_request_message'] as const).map((type) =>
    z.looseObject({ type: z.literal(type), body: z.looseObject({ text: z.string().max(1024) }) }),
  ),
])

/** For each kind of message, what its object must look like. */
const shapes: Record<string, z.ZodType> = {
  text: z.looseObject({ body: z.string().min(1).max(4096) }),
  image: media,
  video: media,
  audio: captionless,
  document: media,
  sticker: captionless,
  location: z.looseObject({ latitude: coordinate, longitude: coordinate }),
  contacts: z.array(z.looseObject({ name: z.looseObject({ formatted_name: z.string().min(1) }) })).min(1),
  reaction: z.looseObject({ message_id: z.string().min(1), emoji: z.string() }),
  interactive: interactiveShape,
  template: z.looseObject({ name: z.string().min(1), language: z.looseObject({ code: z.string().min(1) }) }),
}

/** Refuses a message whose object lacks something or breaks a limit, with the code that WhatsApp uses for it. */
export function checkShape(type: string, request: JsonObject): void {
  const shape = shapes[type]
  if (!shape) throw new Refusal(131051, `Message type "${type}" is not supported.`)
  if (request[type] === undefined) throw new Refusal(131008, `Required parameter is missing: ${type}`)
  const issue = shape.safeParse(request[type]).error?.issues[0]
  if (issue) throw refusalFor(issue, type)
}

function refusalFor(issue: z.core.$ZodIssue, type: string): Refusal {
  const name = [type, ...issue.path.map((key) => `['${String(key)}']`)].join('')
  if (issue.code === 'too_big' && issue.origin === 'string') {
    const sentence = `Param ${name} must be at most ${issue.maximum} characters long.`
    return new Refusal(100, sentence, undefined, sentence)
  }
  if (issue.code === 'custom' && issue.params?.missing)
    return new Refusal(131008, `${name}: ${issue.message}`)
  // zod 4 says of an absent key that it got `undefined`, in words only.
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return new Refusal(131008, `Required parameter is missing: ${name}`)
  }
  return new Refusal(131009, `Parameter value is not valid: ${name}`)
}
