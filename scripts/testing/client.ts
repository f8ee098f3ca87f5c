import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  splitLink,
  type TRPCClient,
  wsLink,
} from '@trpc/client'
import type { FeedItem } from '../../server/inbox/event.ts'
import type { PresenceItem } from '../../server/live/presenceItem.ts'
import type { AppRouter } from '../../server/trpc/router.ts'

export type SignedIn = {
  cookie: string
  trpc: TRPCClient<AppRouter>
  /** Follows the feed from a cursor; collects what comes. */
  follow(cursor?: string): Following
  /** Follows presence, as this tab when one is given. */
  watch(tabId?: string): Watching
  /** Asks the server itself, with the session. */
  post(path: string, body?: unknown): Promise<Response>
  /** Cuts the socket without a word, as a lost network does. tRPC's client comes back by itself. */
  dropSocket(): void
  close(): Promise<void>
}

export type Following = { items: FeedItem[]; errors: Error[]; stop(): void }

export type Watching = { items: PresenceItem[]; errors: Error[]; stop(): void }

/** Signs in as an agent of the demo and speaks to the server as the web app does: HTTP in batches, one WebSocket. */
export async function signIn(url: string, email: string, password = 'baton-demo'): Promise<SignedIn> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  })
  if (!response.ok) throw new Error(`Signing in as ${email} was answered with ${response.status}`)
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const headers = { cookie, origin: url }
  const sockets: WebSocket[] = []
  const socketClient = createWSClient({
    url: `${url.replace('http', 'ws')}/trpc`,
    retryDelayMs: () => 20,
    WebSocket: class extends WebSocket {
      constructor(address: string | URL) {
        super(address, { headers })
        sockets.push(this)
      }
    },
  })
  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: wsLink({ client: socketClient }),
        false: httpBatchLink({ url: `${url}/trpc`, headers: () => headers }),
      }),
    ],
  })
  return {
    cookie,
    trpc,
    follow: (cursor) => {
      const following: Following = { items: [], errors: [], stop: () => {} }
      const subscription = trpc.live.feed.subscribe(cursor === undefined ? {} : { lastEventId: cursor }, {
        onData: (item) => following.items.push(item.data),
        onError: (error) => following.errors.push(error),
      })
      following.stop = () => subscription.unsubscribe()
      return following
    },
    watch: (tabId) => {
      const watching: Watching = { items: [], errors: [], stop: () => {} }
      const subscription = trpc.live.presence.subscribe(tabId === undefined ? {} : { tabId }, {
        onData: (item) => watching.items.push(item),
        onError: (error) => watching.errors.push(error),
      })
      watching.stop = () => subscription.unsubscribe()
      return watching
    },
    post: (path, body) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    dropSocket: () => sockets.at(-1)?.terminate(),
    close: () => socketClient.close(),
  }
}
