import { apiKeysRouter } from './apiKeys.ts'
import { authRouter } from './auth.ts'
import { conversationsRouter } from './conversations.ts'
import { deadLettersRouter } from './deadLetters.ts'
import { healthRouter } from './health.ts'
import { router } from './init.ts'
import { liveRouter } from './live.ts'
import { messagesRouter } from './messages.ts'

/** The whole API. Each procedure is an input schema and one call into the inbox. */
export const appRouter = router({
  auth: authRouter,
  conversations: conversationsRouter,
  messages: messagesRouter,
  live: liveRouter,
  deadLetters: deadLettersRouter,
  apiKeys: apiKeysRouter,
  health: healthRouter,
})

export type AppRouter = typeof appRouter
