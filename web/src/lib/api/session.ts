import { authInWords } from '../signIn/authInWords.ts'
import { askAuth } from './askAuth.ts'

const CHANNEL = 'baton:session'

export type SignInOutcome = { signedIn: true } | { signedIn: false; message: string }

/** With a password alone, for an account that has no second factor yet. */
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  const answer = await askAuth('/sign-in/email', { email, password })
  return answer.isDone ? { signedIn: true } : { signedIn: false, message: authInWords(answer) }
}

export async function signOut(): Promise<boolean> {
  return (await askAuth('/sign-out', {})).isDone
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
