/** A browser's request by hand, where headers and cookies are what is looked at. */
export type Asking = { cookie?: string; userAgent?: string; from?: string }

export type Answered = {
  status: number
  /** The pair of the session cookie, as it is sent back; null: none was set. */
  cookie: string | null
  headers: Headers
  text: string
}

async function send(url: string, path: string, init: RequestInit, asking: Asking): Promise<Answered> {
  const { cookie, userAgent, from } = asking
  const response = await fetch(`${url}${path}`, {
    ...init,
    headers: {
      'content-type': 'application/json',
      origin: url,
      ...(cookie && { cookie }),
      ...(userAgent && { 'user-agent': userAgent }),
      ...(from && { 'x-forwarded-for': from }),
    },
  })
  const set = response.headers.getSetCookie().find((line) => line.startsWith('baton='))
  return {
    status: response.status,
    cookie: set?.split(';')[0] ?? null,
    headers: response.headers,
    text: await response.text(),
  }
}

/** Signs in with a password. */
export function enter(url: string, email: string, password: string, asking: Asking = {}): Promise<Answered> {
  const body = JSON.stringify({ email, password })
  return send(url, '/api/auth/sign-in/email', { method: 'POST', body }, asking)
}

/** Asks who one is: what every tab does when people change. */
export function whoAmI(url: string, cookie: string): Promise<Answered> {
  return send(url, '/trpc/auth.me', {}, { cookie })
}

/** Calls a mutation of tRPC. */
export function mutate(url: string, path: string, input: object, asking: Asking = {}): Promise<Answered> {
  return send(url, `/trpc/${path}`, { method: 'POST', body: JSON.stringify(input) }, asking)
}

/** Signs out. */
export function leave(url: string, cookie: string): Promise<Answered> {
  return send(url, '/api/auth/sign-out', { method: 'POST', body: '{}' }, { cookie })
}
