/** Signing in and out are better-auth's own routes; the cookie they set is out of reach of scripts. */
const SIGN_IN = '/api/auth/sign-in/email'
const SIGN_OUT = '/api/auth/sign-out'
const CHANNEL = 'baton:session'

export type SignInOutcome = { signedIn: true } | { signedIn: false; message: string }

export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  const response = await post(SIGN_IN, { email, password })
  if (response?.ok) return { signedIn: true }
  return { signedIn: false, message: explain(response) }
}

export async function signOut(): Promise<boolean> {
  const response = await post(SIGN_OUT, {})
  return response?.ok ?? false
}

/** For the other tabs. Whoever listens in this one hears it too: stop that first. */
export function tellSignedOut() {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage('signed out')
  channel.close()
}

/** The server tells the other tabs too, but only when it next looks at their sockets; this browser knows at once. */
export function onSignedOutElsewhere(act: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', act)
  return () => channel.close()
}

/** Where to go after signing in: back to where the visitor came from, and never to another site. */
export function returnPath(url: {
  origin: string
  searchParams: { get(name: string): string | null }
}): string {
  const next = url.searchParams.get('next')
  if (!next) return '/'
  const target = new URL(next, url.origin)
  const isOurs = target.origin === url.origin && !target.pathname.startsWith('/sign-in')
  return isOurs ? target.pathname + target.search : '/'
}

function explain(response: Response | null): string {
  if (!response) return 'The server cannot be reached. Check your connection, then try again.'
  if (response.status === 401)
    return 'This email and password do not belong together. Check both, then try again.'
  if (response.status === 403)
    return 'This account cannot sign in here any more. Ask an administrator of your inbox.'
  if (response.status === 429) return `Too many tries. ${waitOf(response)}`
  if (response.status >= 500) return 'The server has a problem right now. Try again in a moment.'
  return 'Enter the email address and the password of your account.'
}

function waitOf(response: Response): string {
  const seconds = Number(response.headers.get('retry-after') ?? response.headers.get('x-retry-after'))
  if (seconds > 90) return `Try again in ${Math.ceil(seconds / 60)} minutes, or set a new password.`
  return seconds > 0 ? `Try again in ${seconds} seconds.` : 'Wait a minute, then try again.'
}

async function post(path: string, body: object): Promise<Response | null> {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch {
    return null
  }
}
