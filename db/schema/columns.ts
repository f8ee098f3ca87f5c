import { timestamp, uuid } from 'drizzle-orm/pg-core'

/** A primary key: UUID version 7, made by the application, so that rows of one moment lie together in the index. */
export const id = () => uuid().primaryKey()

/** A moment, with its time zone. */
export const moment = () => timestamp({ withTimezone: true, mode: 'date' })

/** When the row was written, by the database's clock. */
export const createdAt = () => moment().notNull().defaultNow()
