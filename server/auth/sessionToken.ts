import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { cookieAttributes, sessionCookieName } from './cookie.ts'

const RANDOM_BYTES = 24

/** A token of 192 random bits, in letters, digits, `-` and `_`, as long as those of better-auth. */
export function makeSessionToken(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url')
}

/** The cookie that makes a token a browser's session, signed as better-auth signs: `token.signature`. */
export function sessionCookie(
  { publicUrl, secret }: { publicUrl: string; secret: string },
  { token, expiresAt }: { token: string; expiresAt: Date },
  now: Date,
): string {
  const { secure } = cookieAttributes(publicUrl)
  const value = encodeURIComponent(`${token}.${signatureOf(token, secret).toString('base64')}`)
  const lifeS = Math.max(0, Math.round((expiresAt.getTime() - now.getTime()) / 1000))
  const attributes = [`Max-Age=${lifeS}`, 'Path=/', 'HttpOnly', ...(secure ? ['Secure'] : []), 'SameSite=Lax']
  return [`${sessionCookieName(publicUrl)}=${value}`, ...attributes].join('; ')
}

/** The token in the session cookie when the signature is ours. */
export function signedToken(headers: Headers, name: string, secret: string): string | null {
  const cookies = (headers.get('cookie') ?? '').split(';').map((part) => part.trim())
  const own = cookies.filter((part) => part.startsWith(`${name}=`))
  if (own.length !== 1) return null
  const value = decoded((own[0] ?? '').slice(name.length + 1))
  const dot = value.lastIndexOf('.')
  if (dot < 1) return null
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const right = signatureOf(token, secret)
  return given.length === right.length && timingSafeEqual(given, right) ? token : null
}

function signatureOf(token: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(token).digest()
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}
