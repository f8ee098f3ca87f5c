export const SHORTEST_PASSWORD = 10
export const LONGEST_PASSWORD = 128

/** OWASP's minimum for argon2id: 19 MiB, two passes. More memory would let sign-ins starve the process. */
const ARGON2ID = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const

/** The hash that is stored for a password: argon2id with its salt and parameters in one string. */
export function createPasswordHash(password: string): Promise<string> {
  return Bun.password.hash(password, ARGON2ID)
}

export function isPasswordOf(hash: string, password: string): Promise<boolean> {
  return Bun.password.verify(password, hash)
}
