import { randomBytes } from 'node:crypto'

/**
 * A message id built as WhatsApp builds it: the customer's number and a random part, length-prefixed, in base64.
 * It never comes from the seed: two runs with one seed must not share ids, or a unique index would swallow the second.
 */
export function newWamid(number: string, author: 'customer' | 'business'): string {
  const direction = author === 'customer' ? 0x12 : 0x11
  const bytes = Buffer.concat([
    Buffer.from([0x1c, 0x18, number.length]),
    Buffer.from(number, 'ascii'),
    Buffer.from([0x15, 0x02, 0x00, direction, 0x18, 0x14]),
    Buffer.from(randomBytes(10).toString('hex').toUpperCase(), 'ascii'),
    Buffer.from([0x00]),
  ])
  return `wamid.${bytes.toString('base64')}`
}

/** A media id: sixteen digits, as Meta's are. */
export function newMediaId(): string {
  return String(1_000_000_000_000_000n + (randomBytes(8).readBigUInt64BE() % 9_000_000_000_000_000n))
}

/** The trace id in an error body, by which Meta's support finds a request. */
export function newTraceId(): string {
  return `A${randomBytes(16).toString('base64url')}`
}

/** The name of an update that WhatsApp itself gives none: it tells deliveries apart in the journal. */
export function newUpdateId(what: string): string {
  return `${what}:${randomBytes(8).toString('hex')}`
}
