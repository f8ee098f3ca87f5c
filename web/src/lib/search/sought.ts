export type Among = 'all' | 'messages' | 'notes' | 'contacts'

/** What somebody looks for. It lives in the address of the search page, so that it can be gone back to. */
export type Sought = {
  text: string
  among: Among
  /** Only in this conversation; null: everywhere. */
  conversationId: string | null
}

/** What the server takes. */
const LONGEST = 200
const AMONG: readonly Among[] = ['all', 'messages', 'notes', 'contacts']
const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** What an address asks for. Nonsense in it is passed over: it may be typed, or cut off. */
export function soughtOf(params: Pick<URLSearchParams, 'get'>): Sought {
  const conversationId = params.get('in') ?? ''
  const isHere = ID.test(conversationId)
  const among = AMONG.find((one) => one === params.get('among')) ?? 'all'
  return {
    text: (params.get('q') ?? '').trim().slice(0, LONGEST),
    // A conversation has one contact: nothing to be found there.
    among: isHere && among === 'contacts' ? 'all' : among,
    conversationId: isHere ? conversationId : null,
  }
}

/** The address of the search page that asks for it. */
export function addressOf({ text, among, conversationId }: Sought): string {
  const params = new URLSearchParams()
  if (text !== '') params.set('q', text)
  if (among !== 'all') params.set('among', among)
  if (conversationId !== null) params.set('in', conversationId)
  const search = params.toString()
  return search === '' ? '/search' : `/search?${search}`
}

export function sameSought(a: Sought, b: Sought): boolean {
  return a.text === b.text && a.among === b.among && a.conversationId === b.conversationId
}
