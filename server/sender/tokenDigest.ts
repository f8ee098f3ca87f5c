/** What is kept of a token that was refused: enough to know another one from it, and nothing to sign in with. */
export function digestOf(token: string): string {
  return new Bun.CryptoHasher('sha256', token).digest('hex')
}
