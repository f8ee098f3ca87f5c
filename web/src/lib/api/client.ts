import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  retryLink,
  type TRPCClient,
  type TRPCLink,
  wsLink,
} from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import { codeOf } from './refusal.ts'

export type Api = TRPCClient<AppRouter>
export type Socket = ReturnType<typeof createWSClient>

const KEEP_ALIVE = { enabled: true, intervalMs: 5_000, pongTimeoutMs: 5_000 }
const MAX_DOUBLINGS = 6
const MAX_URL_LENGTH = 4_000

/** Queries and mutations, batched over HTTP. `onSignedOut`: a session may end at any moment, and some call learns of it first. */
export function createApi(onSignedOut: () => void = () => {}): Api {
  return createTRPCClient<AppRouter>({
    links: [signedOutLink(onSignedOut), httpBatchLink({ url: '/trpc', maxURLLength: MAX_URL_LENGTH })],
  })
}

/**
 * Subscriptions, on the tab's one socket. It opens at once and comes back by itself, further apart each time, so that a
 * server that restarts is not met by every tab in the same instant. A client of its own, and not the other half of a
 * `splitLink`, so that it can be thrown away and opened anew without waiting (`Feed.retryNow`).
 */
export function openSocket(onSignedOut: () => void): { api: Api; socket: Socket } {
  const socket = createWSClient({
    url: `${(__API_ORIGIN__ || location.origin).replace(/^http/, 'ws')}/trpc`,
    keepAlive: KEEP_ALIVE,
    retryDelayMs: (attempt) => 500 * 2 ** Math.min(attempt, MAX_DOUBLINGS) * jitter(),
  })
  const api = createTRPCClient<AppRouter>({
    links: [
      signedOutLink(onSignedOut),
      // wsLink brings a subscription back after a lost socket, but not after an error. Never within 250 ms: the `stopped` of
      // the failed one still carries its id.
      retryLink({
        retry: ({ error }) => codeOf(error) !== 'UNAUTHORIZED',
        retryDelayMs: (attempt) => 250 + 500 * 2 ** Math.min(attempt, MAX_DOUBLINGS) * jitter(),
      }),
      wsLink({ client: socket }),
    ],
  })
  return { api, socket }
}

function signedOutLink(onSignedOut: () => void): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) =>
      observable((observer) =>
        next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => {
            if (codeOf(error) === 'UNAUTHORIZED') onSignedOut()
            observer.error(error)
          },
        }),
      )
}

const jitter = () => 0.5 + Math.random()
