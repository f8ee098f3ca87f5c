import { z } from 'zod'

const quote = z.string().optional()
const caption = z.string().trim().max(1024).optional()

/** What a customer can do with the phone in hand. */
export const customerAct = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().trim().min(1).max(65_536), quote }),
  z.object({ type: z.literal('image'), format: z.enum(['png', 'jpeg']).default('png'), caption, quote }),
  z.object({ type: z.literal('video'), caption, quote }),
  z.object({ type: z.literal('voice'), seconds: z.number().min(1).max(120).default(4), quote }),
  z.object({ type: z.literal('sticker'), quote }),
  z.object({
    type: z.literal('document'),
    filename: z.string().min(1).max(240).default('Order 2291.pdf'),
    /** A file as large as a test needs: blanks follow the end of the document. */
    sizeBytes: z.number().int().min(0).max(110_000_000).default(0),
    caption,
    quote,
  }),
  z.object({
    type: z.literal('location'),
    latitude: z.number().min(-90).max(90).default(37.4847),
    longitude: z.number().min(-180).max(180).default(-122.1477),
    name: z.string().default('Linden Street 12'),
    address: z.string().default('Oakland, CA 94607'),
    quote,
  }),
  z.object({
    type: z.literal('contacts'),
    name: z.string().min(1).default('Grace Ford'),
    phone: z.string().min(1).default('+44 7700 900142'),
    quote,
  }),
  /** An empty emoji takes the reaction back. */
  z.object({ type: z.literal('reaction'), to: z.string(), emoji: z.string().max(16) }),
  /** A tap on a reply button, a list row or a template's quick reply. */
  z.object({ type: z.literal('choice'), to: z.string(), id: z.string() }),
  /** A text of somebody who tapped an ad: it names the ad, and opens three days that cost nothing. */
  z.object({
    type: z.literal('ad'),
    text: z.string().min(1).default('Hello! Is the sofa of your ad still to be had?'),
    headline: z.string().default('Autumn is for staying in'),
  }),
  /** Something that WhatsApp does not hand on: a poll, or (131060) the first message of somebody who came by an ad. */
  z.object({
    type: z.literal('unsupported'),
    code: z.union([z.literal(131051), z.literal(131060)]).default(131051),
  }),
])

export type CustomerAct = z.input<typeof customerAct>
export type ParsedAct = z.output<typeof customerAct>

/** Something that a customer cannot do; the sentence is for the person at the page. */
export class RefusedAct extends Error {}
