import type { SignInWay } from './signInBook.ts'

/** How somebody signs in by a route of better-auth; null: that route signs nobody in. */
export function wayOf(path: string): SignInWay | null {
  return WAYS.find(([pattern]) => pattern.test(path))?.[1] ?? null
}

const WAYS: readonly (readonly [RegExp, SignInWay])[] = [
  [/^\/sign-in\/email$/, 'password'],
  [/^\/two-factor\/verify-backup-code$/, 'recovery_code'],
  [/^\/two-factor\//, 'second_factor'],
  [/^\/passkey\//, 'passkey'],
  [/^\/(callback|oauth2|sso)\//, 'single_sign_on'],
]
