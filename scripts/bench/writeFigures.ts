import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { root } from '../install.ts'
import type { Figure } from './figure.ts'
import { markdownTable } from './report.ts'
import type { Stage } from './stage.ts'

const FILE = 'docs/figures.md'

/** Writes the page of figures: what was run, where, what each baseline is, and the table. Returns its path. */
export async function writeFigures(
  figures: readonly Figure[],
  stage: Stage,
  startedAt: Date,
): Promise<string> {
  const redis = /redis_version:(\S+)/.exec(await stage.redis.info('server'))?.[1] ?? 'unknown'
  const minutes = ((Date.now() - startedAt.getTime()) / 60_000).toFixed(1)
  writeFileSync(
    join(root, FILE),
    `# Figures

Made by \`bun run bench\` on ${startedAt.toISOString().slice(0, 10)} in ${minutes} minutes. The same command repeats them; it starts a Redis and a
PostgreSQL of its own, with the settings of the product, and removes them at the end.

The machine: ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 1024 ** 3)} GB of memory, Bun ${Bun.version},
PostgreSQL ${stage.postgresVersion}, Redis ${redis}. Generator, server, Redis and PostgreSQL share these cores, so every figure is what is left
after the others have taken their part. The figures are medians of interleaved runs; the last column has their spread.

${markdownTable(figures)}

## What stands beside what

- **generator-ceiling**: the load generator (bare sockets, requests made and signed beforehand) against a server that answers 200 at once and reads
  nothing. No figure of the webhook can be higher.
- **webhook-single**, **webhook-batch100**, **webhook-p99**: the baseline is a bare \`Bun.serve\` that reads the body, does one pipelined XADD on the same
  Redis (\`appendonly yes, appendfsync always\`) and answers. No signature, no deadline, no limits, no metrics. The product is \`server/main.ts\` with
  \`ROLES=server\`.
- **whole-path**: signed POSTs, server with the consumer as its thread, feed, and one subscriber on a WebSocket. A message stays in a window until the
  subscriber has seen it, and while the window is full nothing is posted: the rate is one that the whole path keeps up with, and no backlog grows.
- **consumer**: \`bun run consume\` on a backlog of entries with one message each, over 2,000 contacts. The baseline is \`insert … select from unnest\` of 500
  ready rows a transaction into a fresh copy of the same table with its indexes and foreign keys; the note has one row a transaction.
- **backlog**: a backlog drained by one consumer process while 1,000 POST/s keep coming, and the webhook's p99 meanwhile.
- **sends**: \`messages.send\` over HTTP by three signed-in agents, with the sender against a Graph API that answers at once, beside two consumer processes
  that always have work. The baseline is the same without the consumers.
- **live-latency**: from the moment a POST was due to the moment the subscriber has the message. The baseline is the same at 50 a second.
- **lock-acquire**, **lock-takeover**: reply locks over HTTP as the composer asks for them, 200 agents who want 20 conversations; a takeover counts until
  the frame that tells the one who lost it.
- **heartbeats**: CPU of this process and of Redis for renewing 10,000 held locks, with the policy's check, beside as many bare PEXPIRE in one pipeline.
- **fan-out**: new messages at once to 1,000 sockets that follow the feed, from the commit to the last socket, beside \`ws.publish\` of the same bytes.
- **catch-up**: handshake, subscription and the 1,000 events that a tab has missed. **reconnect**: 1,000 agents who come back at once to a server that
  was started anew, until the last of them has the events that it missed; the note counts the queries.
- **memory**: resident memory of one process with all roles after the messages have gone through it.

Latencies of open loops count from when a request was due, so a stall counts for all who wait behind it.
`,
  )
  return FILE
}
