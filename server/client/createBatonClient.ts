import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  retryLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client'
import { EventSource } from 'eventsource'
import type { AppRouter } from '../trpc/router.ts'
import { isPassing } from './batonError.ts'

export type BatonClient = TRPCClient<AppRouter>

export type BatonClientOptions = {
  /** Where the inbox is, such as `https://inbox.example.com`. */
  url: string
  /** As an administrator gave it to you; it begins with `baton_`. */
  apiKey: string
}

/** Longer lists of calls are sent as several requests. */
const MAX_URL_LENGTH = 4_000
const FIRST_DELAY_MS = 500
const MAX_DOUBLINGS = 6

/**
 * Every procedure of Baton, typed by its router: calls go over HTTP, in batches; subscriptions are server-sent events that
 * come back by themselves after a lost connection or a restart, from the last event that arrived.
 */
export function createBatonClient({ url, apiKey }: BatonClientOptions): BatonClient {
  const endpoint = `${url.replace(/\/+$/, '')}/trpc`
  const authorization = `Bearer ${apiKey}`
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: [
          // EventSource comes back after a cut line, and gives up at an answer that is no stream: the 502 of a proxy.
          retryLink({
            retry: ({ error }) => isPassing(error),
            retryDelayMs: (attempt) =>
              FIRST_DELAY_MS * 2 ** Math.min(attempt, MAX_DOUBLINGS) * (0.5 + Math.random()),
          }),
          httpSubscriptionLink({
            url: endpoint,
            EventSource,
            eventSourceOptions: {
              fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, authorization } }),
            },
          }),
        ],
        false: httpBatchLink({ url: endpoint, headers: { authorization }, maxURLLength: MAX_URL_LENGTH }),
      }),
    ],
  })
}
