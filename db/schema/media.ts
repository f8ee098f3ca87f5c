import { sql } from 'drizzle-orm'
import {
  bigint,
  doublePrecision,
  index,
  integer,
  json,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { createdAt, id, moment } from './columns.ts'

/**
 * A file that came with a message or that an agent uploaded. Its bytes lie in the media store under `storage_key`, its
 * thumbnail under `thumbnail_key`; who may see its channel may open it.
 */
export const media = pgTable(
  'media',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    channelId: uuid().notNull(),
    /** Null for an upload that was not sent yet. */
    conversationId: uuid(),
    direction: text({ enum: ['in', 'out'] }).notNull(),
    kind: text({ enum: ['image', 'video', 'audio', 'document', 'sticker'] }).notNull(),
    /**
     *     waiting ──> fetching ──> stored        failed ── asked again, or by the job ──> waiting
     *                    └──> failed | expired   expired: WhatsApp keeps what came in for seven days only
     */
    state: text({ enum: ['waiting', 'fetching', 'stored', 'failed', 'expired'] }).notNull(),
    /** Meta's id of it: 7 days valid for what came in, 30 days for what we uploaded. Null before the upload to Meta. */
    graphId: text(),
    graphIdExpiresAt: moment(),
    /** As told by whoever sent it; what the bytes say stands in `detectedType`. */
    mimeType: text(),
    detectedType: text(),
    filename: text(),
    sizeBytes: bigint({ mode: 'number' }),
    /** Hex. */
    sha256: text(),
    storageKey: text(),
    thumbnailKey: text(),
    width: integer(),
    height: integer(),
    durationSeconds: doublePrecision(),
    /** Peaks of a voice note, 0 to 100. */
    waveform: json(),
    /** Why it failed, in a stable word, and in detail for whoever looks closer. */
    failure: text(),
    failureDetail: text(),
    attempts: integer().notNull().default(0),
    uploadedBy: uuid().references(() => agents.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    storedAt: moment(),
  },
  (table) => [
    unique('media_graph').on(table.channelId, table.graphId),
    index().on(table.conversationId, table.createdAt),
    index('media_waiting').on(table.createdAt).where(sql`state in ('waiting', 'fetching')`),
  ],
)
