import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment } from './columns.ts'

/**
 * The life of one Redis stream, as seen from here. Redis keeps the same epoch id; when it has lost it, Redis was emptied, and
 * what was accepted but not stored by then is gone. That is counted here, never hidden.
 */
export const streamEpochs = pgTable('stream_epochs', {
  epoch: uuid().primaryKey(),
  /** The last entry of this epoch that is known to be stored. */
  lastAckedId: text(),
  /** How many entries were waiting to be stored when somebody last looked. */
  waitingAtLastLook: bigint({ mode: 'number' }).notNull().default(0),
  lookedAt: moment(),
  createdAt: createdAt(),
  /** When Redis was found to be emptied. Null: this is the stream that is in use. */
  lostAt: moment(),
})
