import { z } from 'zod'

const ids = z.array(z.uuid()).min(1).max(100).optional()

/** What `conversations.list` can be asked for. Of each filter one has to fit; all filters have to. */
export const listInput = z.object({
  /** Snoozed and resolved ones stand only in their own views, and among the mentions. */
  view: z.enum(['all', 'mine', 'unassigned', 'unread', 'mentions', 'snoozed', 'resolved']).default('all'),
  channelIds: ids,
  teamIds: ids,
  assigneeIds: ids,
  labelIds: ids,
  /** The service window: `closing` is open for two hours more at most. */
  window: z.enum(['open', 'closing', 'closed']).optional(),
  /** `window`: open ones first, in the order in which they close; then those that closed last. */
  sort: z.enum(['newest', 'oldest', 'window']).default('newest'),
  before: z.string().max(128).optional(),
  limit: z.number().int().min(1).max(100).default(50),
})
