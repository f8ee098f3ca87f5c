/** A failure that its own message explains: scripts print the message alone, without a stack. */
export class PlainError extends Error {
  override name = 'PlainError'
}

/** Prints what went wrong, once and readably, and ends with code 1. */
export function failWith(error: unknown): never {
  console.error(`\n${error instanceof PlainError ? error.message : describe(error)}`)
  process.exit(1)
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
