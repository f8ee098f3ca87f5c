import { type Auth, CALLER_HEADER } from '../auth/auth.ts'

export type AuthBrowser = {
  /** Every body that came, as text. */
  bodies: string[]
  /** Every value of a session cookie that came. */
  sessionTokens: string[]
  headers(): Headers
  /** From now on it comes from another address. */
  move(): void
  get(path: string): Promise<Response>
  post(path: string, body?: unknown): Promise<Response>
  signIn(email: string, password: string): Promise<Response>
}

let browsers = 0

/** A browser before better-auth: it keeps its cookies, and remembers all that it was told. Each has an address of its own. */
export function authBrowser(auth: Auth, origin: string): AuthBrowser {
  const nextAddress = () => `10.${++browsers >> 16}.${(browsers >> 8) & 255}.${browsers & 255}`
  let address = nextAddress()
  const cookies = new Map<string, string>()
  const bodies: string[] = []
  const sessionTokens: string[] = []

  const headers = () => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return new Headers({ origin, [CALLER_HEADER]: address, ...(cookie && { cookie }) })
  }
  const keep = (line: string) => {
    const [pair = '', ...attributes] = line.split('; ')
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(name.length + 1)
    if (value === '' || attributes.includes('Max-Age=0')) cookies.delete(name)
    else cookies.set(name, value)
    const token = decodeURIComponent(value).split('.')[0] ?? ''
    if (!name.includes('-auth.') && token !== '') sessionTokens.push(token)
  }
  const ask = async (request: Request) => {
    const response = await auth.handler(request)
    for (const line of response.headers.getSetCookie()) keep(line)
    bodies.push(await response.clone().text())
    return response
  }
  const post = (path: string, body: unknown = {}) => {
    const sent = headers()
    sent.set('content-type', 'application/json')
    return ask(
      new Request(`${origin}/api/auth${path}`, { method: 'POST', headers: sent, body: JSON.stringify(body) }),
    )
  }
  return {
    bodies,
    sessionTokens,
    headers,
    move: () => {
      address = nextAddress()
    },
    get: (path) => ask(new Request(`${origin}/api/auth${path}`, { headers: headers() })),
    post,
    signIn: (email, password) => post('/sign-in/email', { email, password }),
  }
}
