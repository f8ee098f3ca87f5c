import { customType, index, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { createdAt, id, moment } from './columns.ts'

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

/**
 * An item of a delivery that could not be stored: never dropped, never in the way of its siblings.
 * `stream_id` and `path` say where it stood; `raw` is the whole body (`raw_bytes` too, where it is no clean UTF-8).
 */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: id(),
    workspaceId: uuid(),
    streamId: text().notNull(),
    /** For example `entry[0].changes[1].value.messages[2]`; '' for the body as a whole. */
    path: text().notNull(),
    /** A stable word, such as `not_json`, `unknown_channel`, `malformed_message`. */
    reason: text().notNull(),
    detail: text(),
    item: json(),
    raw: text().notNull(),
    rawBytes: bytes(),
    createdAt: createdAt(),
    resolvedAt: moment(),
    resolution: text({ enum: ['replayed', 'discarded'] }),
    /** Why it was discarded, in the words of whoever did. */
    resolutionNote: text(),
    resolvedBy: uuid().references(() => agents.id, { onDelete: 'set null' }),
  },
  (table) => [unique().on(table.streamId, table.path), index().on(table.createdAt)],
)
