import { createHash } from 'node:crypto'

/** A customer's phone. */
export interface Customer {
  number: string
  name: string
  /** Whether the phone reads by itself a moment after a message arrives. */
  autoRead: boolean
  windowClosed: boolean
  /** When this customer last wrote; undefined when this simulator never saw it. */
  wroteAt?: number
  openedAt: number
  /** Wants no marketing: set in the customer's own WhatsApp. */
  isOptedOut: boolean
  /** When this customer last came by an ad, and until when messages to them are free for it. */
  adAt?: number
  freeEntryEndsAt?: number
}

export interface SeedCustomer {
  name: string
  number: string
}

/**
 * The phones that a new simulator starts with, without any messages: history belongs to the product's own seed.
 * The numbers lie in ranges that are kept for fiction, or cannot be dialled.
 */
export const seedCustomers: readonly SeedCustomer[] = [
  { name: 'Sheena Nelson', number: '16505551234' },
  { name: 'Mateo Ortiz', number: '525555550142' },
  { name: 'Lena König', number: '4930555501170' },
  { name: 'Rafael Pires', number: '5511955550163' },
  { name: 'Amal Haddad', number: '971555550118' },
  { name: 'Yuki Tanaka', number: '815055550186' },
  { name: 'Priya Nair', number: '919955550129' },
  { name: 'Jonas Clarke', number: '447700900026' },
]

const countries: readonly [prefix: string, country: string][] = [
  ['971', 'AE'],
  ['44', 'GB'],
  ['49', 'DE'],
  ['52', 'MX'],
  ['55', 'BR'],
  ['81', 'JP'],
  ['91', 'IN'],
  ['1', 'US'],
]

const userIds = new Map<string, string>()

/** The business-scoped user id of a number: stable, as WhatsApp's is for one person and one business. */
export function userIdOf(number: string): string {
  const known = userIds.get(number)
  if (known !== undefined) return known
  const userId = makeUserId(number)
  userIds.set(number, userId)
  return userId
}

/** Whether this is written like a business-scoped user id, and so no phone number. */
export function isUserId(input: string): boolean {
  return /^[A-Z]{2}\./.test(input)
}

function makeUserId(number: string): string {
  const country = countries.find(([prefix]) => number.startsWith(prefix))?.[1] ?? 'US'
  const digest = createHash('sha256').update(`baton simulator ${number}`).digest()
  return `${country}.${digest.readBigUInt64BE() + 10n ** 19n}`
}

/** The digits of a number that somebody typed with `+`, spaces, dashes or brackets; undefined when it is none. */
export function parseNumber(typed: string): string | undefined {
  const digits = typed.replace(/[\s+().-]/g, '')
  return /^\d{6,15}$/.test(digits) ? digits : undefined
}
