/** Whom a request to the Graph API is about: a number, or an account. */
export type TokenOwner = { phoneNumberId: string } | { businessAccountId: string }

/**
 * The access token with which to ask about a number or an account.
 * @throws TokenUnreadable
 */
export type TokenOf = (owner: TokenOwner) => Promise<string>

/** There is a token, and it cannot be read: nothing can be asked with it. */
export class TokenUnreadable extends Error {
  override readonly name = 'TokenUnreadable'
}

/** The same token for all. */
export const oneToken =
  (token: string): TokenOf =>
  async () =>
    token

/** What is kept of a token that was refused: enough to know another one from it, and nothing to sign in with. */
export function digestOf(token: string): string {
  return new Bun.CryptoHasher('sha256', token).digest('hex')
}
