import { customType, index, json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns.ts'
import { workspaces } from './workspace.ts'

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

/**
 * The receipt of an erasure: that somebody's data was taken away, when, by whom, and how much. Nothing of the person: `contactId`
 * names nobody any more. Only ever added to, as the audit log is; no foreign keys, for it outlives what it tells of.
 */
export const erasures = pgTable(
  'erasures',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    contactId: uuid().notNull(),
    actorId: uuid().notNull(),
    /** `ErasedCounts` of `server/inbox/erasureReceipt.ts`. */
    counts: json().notNull(),
    /** SHA-256 over all of the above and the time; stands in the audit log too. */
    hash: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.workspaceId, table.createdAt)],
)

/**
 * What WhatsApp may still deliver of what was erased, for it repeats deliveries for seven days: a salted hash of each id, which
 * tells nothing to whoever reads it, and is forgotten when it is over. See `server/inbox/erasedIds.ts`.
 */
export const erasedIds = pgTable(
  'erased_ids',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    hash: bytes().notNull(),
    forgetAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.hash] }), index().on(table.forgetAt)],
)

/** Files whose rows are gone, until the job `media.remove` has taken them out of the store: not even a crash leaves one behind. */
export const filesToRemove = pgTable(
  'files_to_remove',
  {
    storageKey: text().primaryKey(),
    workspaceId: uuid().notNull(),
    /** Whose receipt waits for it; null: it was older than its channel keeps messages. */
    erasureId: uuid(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.erasureId)],
)
