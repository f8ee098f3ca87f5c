import { z } from 'zod'
import type { RelyingParty } from './relyingParty.ts'

const shape = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
})

export type Ceremony = 'webauthn.create' | 'webauthn.get'

/**
 * What the browser says it was asked, and by which page: the challenge in it, or null when it is of another ceremony, of a page that is not
 * ours, or of ours in a frame of another site. The key signs over this, so nobody else can have written it.
 */
export function challengeIn(bytes: Buffer, ceremony: Ceremony, { origins }: RelyingParty): string | null {
  const read = shape.safeParse(parsed(bytes))
  if (!read.success) return null
  const { type, challenge, origin, crossOrigin } = read.data
  return type === ceremony && origins.includes(origin) && crossOrigin !== true ? challenge : null
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
