import { createHash } from 'node:crypto'

const LENGTH = 5

/** What a sentence is found by in a compiled catalogue: short, and the same wherever it stands. */
export function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, LENGTH)
}
