import type Redis from 'ioredis'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Sql } from '../db/client.ts'
import { infoFields } from './ingest/infoFields.ts'
import { GROUP, STREAM } from './ingest/stream.ts'

/** What the webhook, the consumer and the feed count. */
export function createIngestMetrics(register: Registry) {
  return {
    webhook: {
      seconds: new Histogram({
        name: 'baton_webhook_seconds',
        help: 'Time to answer a POST of the webhook',
        labelNames: ['status'] as const,
        buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2],
        registers: [register],
      }),
      appended: new Counter({
        name: 'baton_webhook_appended_total',
        help: 'Deliveries that are in the stream',
        registers: [register],
      }),
    },
    feedDelay: new Histogram({
      name: 'baton_feed_delay_seconds',
      help: 'Age of the newest event when the feed of this process read it, from the start of its transaction',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [register],
    }),
    stored: new Counter({
      name: 'baton_persisted_items_total',
      help: 'Messages, statuses and news that the consumer of this process has stored or recognised',
      registers: [register],
    }),
  }
}

/** Looked up when somebody asks; a store that is away leaves its gauges out rather than failing the page. */
export function observeStores(register: Registry, redis: Redis, sql: Sql): void {
  new Gauge({
    name: 'baton_stream_entries',
    help: 'Entries in the stream: waiting in `lag`, handed out but not acked in `pending`',
    labelNames: ['state'] as const,
    registers: [register],
    async collect() {
      const groups = await redis.xinfo('GROUPS', STREAM).catch(() => [])
      for (const group of Array.isArray(groups) ? groups : []) {
        const fields = infoFields(group)
        if (fields.name !== GROUP) continue
        this.set({ state: 'pending' }, Number(fields.pending ?? 0))
        if (fields.lag !== null) this.set({ state: 'lag' }, Number(fields.lag ?? 0))
      }
    },
  })
  new Gauge({
    name: 'baton_outbox_messages',
    help: 'Messages in the outbox by state, those of the last day once they are settled',
    labelNames: ['state'] as const,
    registers: [register],
    async collect() {
      const rows = await sql<{ state: string; count: number }[]>`
        select state, count(*)::int as count from outbox
        where state in ('queued', 'sending') or created_at > now() - interval '1 day'
        group by state`.catch(() => [])
      for (const { state, count } of rows) this.set({ state }, count)
    },
  })
}
