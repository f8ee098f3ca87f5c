/** What the package gives to developers; `bun run pack:client` makes it. */
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../trpc/router.ts'

export type { FeedItem, InboxEvent, ResyncScope } from '../inbox/event.ts'
export type { ContactSnapshot, ConversationSnapshot, MessageSnapshot } from '../inbox/snapshot.ts'
export { type BatonError, type BatonReason, batonError } from './batonError.ts'
export { type BatonClient, type BatonClientOptions, createBatonClient } from './createBatonClient.ts'
export type { AppRouter }

/** What each procedure takes, such as `BatonInputs['messages']['send']`. */
export type BatonInputs = inferRouterInputs<AppRouter>
/** What each procedure answers. */
export type BatonOutputs = inferRouterOutputs<AppRouter>
