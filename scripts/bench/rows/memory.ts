import { cookieOf } from '../agents.ts'
import { figure } from '../figure.ts'
import { startProduct } from '../product.ts'
import type { Row } from '../row.ts'
import { residentMb } from '../usage.ts'
import { doubledIn, throughPath } from './wholePath.ts'

const FULL_MESSAGES = 1_000_000
const QUICK_MESSAGES = 24_000
const PER_POST = 10
const WITHIN_SECONDS = 200

/** What one process with all roles holds after a million messages, and what ten messages a POST do for the whole path. */
export const memory: Row = async (stage, scale) => {
  const messages = scale.isQuick ? QUICK_MESSAGES : FULL_MESSAGES
  const graph = await stage.start('scripts/bench/baseline/graph.ts')
  const databaseUrl = await stage.freshDatabase()
  const server = await startProduct(stage, {
    databaseUrl,
    roles: 'server,consume,send,jobs',
    graphUrl: graph.url,
  })
  const cookie = await cookieOf(server.url, 'ana')
  const idle = residentMb(server.pid)
  const half = { databaseUrl, cookie, seconds: WITHIN_SECONDS / 2, perPost: PER_POST, messages: messages / 2 }
  const first = await throughPath(stage, server, half)
  const atHalf = residentMb(server.pid)
  const second = await throughPath(stage, server, half)
  const atEnd = residentMb(server.pid)
  const stored = (first.accepted + second.accepted) * PER_POST
  const growth = (((atEnd - atHalf) / atHalf) * 100).toFixed(0)
  const doubled = await doubledIn(databaseUrl)
  const scaled = stored < FULL_MESSAGES ? ' (not the million of the target)' : ''
  return [
    figure('memory', atEnd, 'MB', {
      note: `RSS of server and worker in one process after ${stored.toLocaleString('en-US')} messages${scaled}; idle ${idle.toFixed(0)}, at half ${atHalf.toFixed(0)}, growth of the second half ${growth} %; doubled: ${doubled}`,
    }),
    figure('whole-path-batch10', stored / (first.seconds + second.seconds), 'messages/s', {
      note: `the same run: ten messages a POST, all roles, one subscriber that saw all`,
    }),
  ]
}
