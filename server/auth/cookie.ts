import { isHttps } from './origins.ts'

/**
 * The session cookie. `__Host-` makes the browser insist on Secure, on Path=/ and on no Domain, so no other host of the
 * company can plant one. better-auth's own `useSecureCookies` would prefix it again (`__Secure-__Host-…`), which browsers
 * take for an ordinary name: therefore the name is made here, and `useSecureCookies` stays off.
 */
export function sessionCookieName(publicUrl: string): string {
  return isHttps(publicUrl) ? '__Host-baton' : 'baton'
}

/** The attributes of every cookie that we set. */
export function cookieAttributes(publicUrl: string) {
  return { httpOnly: true, secure: isHttps(publicUrl), sameSite: 'lax', path: '/' } as const
}

/** Whether a request carries the session cookie; not whether it is any good. */
export function carriesSession(headers: Headers, publicUrl: string): boolean {
  const name = sessionCookieName(publicUrl)
  return (headers.get('cookie') ?? '').split(';').some((part) => part.trim().startsWith(`${name}=`))
}
