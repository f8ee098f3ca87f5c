import { createOutgoingFiles } from '../sender/outgoingFiles.ts'
import { createLimits } from '../sender/redisLimits.ts'
import { Sender } from '../sender/sender.ts'
import { createGraph } from '../whatsapp/graph.ts'
import { createGraphMedia } from '../whatsapp/graphMedia.ts'
import type { Foundation } from './foundation.ts'

/** Role `send`: takes what is in the outbox to WhatsApp. */
export function startSending({ sql, redis, bell, store, api, secrets, log, now, stops }: Foundation): void {
  const files = createOutgoingFiles({ sql, store, graph: createGraphMedia(api), log, now })
  const leaving = new AbortController()
  const sending = new Sender({
    sql,
    bell,
    graph: createGraph(api),
    files,
    limits: createLimits(redis, log),
    secrets,
    log,
    now,
  }).run(leaving.signal)
  stops.push(async () => {
    leaving.abort()
    await files.close()
    await sending
  })
}
