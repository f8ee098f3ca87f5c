import { apiKeysRouter } from './apiKeys.ts'
import { assignmentRouter } from './assignment.ts'
import { auditRouter } from './audit.ts'
import { authRouter } from './auth.ts'
import { cannedRepliesRouter } from './cannedReplies.ts'
import { channelsRouter } from './channels.ts'
import { contactsRouter } from './contacts.ts'
import { conversationsRouter } from './conversations.ts'
import { deadLettersRouter } from './deadLetters.ts'
import { draftsRouter } from './drafts.ts'
import { healthRouter } from './health.ts'
import { router } from './init.ts'
import { labelsRouter } from './labels.ts'
import { liveRouter } from './live.ts'
import { locksRouter } from './locks.ts'
import { mediaRouter } from './media.ts'
import { messagesRouter } from './messages.ts'
import { notesRouter } from './notes.ts'
import { passwordsRouter } from './passwords.ts'
import { peopleRouter } from './people.ts'
import { presenceRouter } from './presence.ts'
import { queuesRouter } from './queues.ts'
import { rolesRouter } from './roles.ts'
import { searchRouter } from './search.ts'
import { sessionsRouter } from './sessions.ts'
import { setupRouter } from './setup.ts'
import { teamsRouter } from './teams.ts'
import { templatesRouter } from './templates.ts'

/** The whole API. Each procedure is an input schema and one call into the inbox. */
export const appRouter = router({
  auth: authRouter,
  sessions: sessionsRouter,
  passwords: passwordsRouter,
  setup: setupRouter,
  conversations: conversationsRouter,
  messages: messagesRouter,
  channels: channelsRouter,
  templates: templatesRouter,
  media: mediaRouter,
  labels: labelsRouter,
  drafts: draftsRouter,
  search: searchRouter,
  cannedReplies: cannedRepliesRouter,
  notes: notesRouter,
  people: peopleRouter,
  teams: teamsRouter,
  roles: rolesRouter,
  audit: auditRouter,
  assignment: assignmentRouter,
  contacts: contactsRouter,
  locks: locksRouter,
  presence: presenceRouter,
  live: liveRouter,
  deadLetters: deadLettersRouter,
  queues: queuesRouter,
  apiKeys: apiKeysRouter,
  health: healthRouter,
})

export type AppRouter = typeof appRouter
