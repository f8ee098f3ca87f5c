import { z } from 'zod'
import type { JsonObject } from '../entry.ts'
import { interactiveShape } from './interactiveShape.ts'
import { invalid, Refusal } from './refusal.ts'

const caption = z.string().max(1024).optional()
const source = { id: z.string().optional(), link: z.url({ protocol: /^https?$/ }).optional() }
const hasSource = (media: { id?: string | undefined; link?: string | undefined }) =>
  media.id !== undefined || media.link !== undefined
const needsSource = { message: 'id or link is required', params: { missing: true } }
const captioned = z.looseObject({ ...source, caption }).refine(hasSource, needsSource)
const captionless = z.looseObject(source).refine(hasSource, needsSource)
const degrees = (most: number) =>
  z
    .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
    .refine((value) => Math.abs(Number(value)) <= most, `must lie between -${most} and ${most}`)

const nameParts = ['first_name', 'last_name', 'middle_name', 'suffix', 'prefix'] as const
const personName = z
  .looseObject({ formatted_name: z.string().min(1) })
  .refine((name) => nameParts.some((part) => typeof name[part] === 'string' && name[part] !== ''), {
    message: 'at least one of first_name, last_name, middle_name, suffix, prefix is required',
    params: { missing: true },
  })

/** For each kind of message, what its object must look like. */
const shapes: Record<string, z.ZodType> = {
  text: z.looseObject({ body: z.string().min(1).max(4096), preview_url: z.boolean().optional() }),
  image: captioned,
  video: captioned,
  audio: z.looseObject({ ...source, voice: z.boolean().optional() }).refine(hasSource, needsSource),
  document: z
    .looseObject({ ...source, caption, filename: z.string().max(240).optional() })
    .refine(hasSource, needsSource),
  sticker: captionless,
  location: z.looseObject({ latitude: degrees(90), longitude: degrees(180) }),
  contacts: z
    .array(z.looseObject({ name: personName }))
    .min(1)
    .max(257),
  reaction: z.looseObject({ message_id: z.string().min(1), emoji: z.string() }),
  interactive: interactiveShape,
  template: z.looseObject({
    name: z.string().min(1).max(512),
    language: z.looseObject({ code: z.string().min(1) }),
  }),
}

/** Refuses a message whose object lacks something or breaks a limit, with the code that WhatsApp uses for it. */
export function checkShape(type: string, request: JsonObject): void {
  const shape = shapes[type]
  if (!shape) throw new Refusal(131051, { details: `Message type "${type}" is not supported.` })
  const missing = (name: string) => new Refusal(131008, { details: `Required parameter is missing: ${name}` })
  if (request[type] === undefined) throw missing(type)
  const issue = shape.safeParse(request[type]).error?.issues[0]
  if (!issue) return
  const name = [type, ...issue.path.map((key) => `['${String(key)}']`)].join('')
  if (issue.code === 'custom' && issue.params?.missing) throw missing(`${name}: ${issue.message}`)
  // zod 4 says of an absent key that it got `undefined`, in words only.
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) throw missing(name)
  if (type === 'interactive') throw new Refusal(131009, { details: issue.message })
  if (issue.code === 'too_big' && issue.origin === 'string') {
    throw invalid(`Param ${name} must be at most ${issue.maximum} characters long.`)
  }
  throw new Refusal(131009, { details: `Parameter value is not valid: ${name}` })
}
