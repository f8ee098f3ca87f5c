import type { JsonObject, StatusName } from './entry.ts'
import type { ThreadMessage } from './threadMessage.ts'
import type { World } from './world.ts'

/** One message that the business got accepted, and so one that a customer got, unless it failed. */
export interface ReceivedRow {
  /** Where it stands among all that was accepted, from 1: what to give as `after` to read on. */
  position: number
  wamid: string
  number: string
  at: number
  type: string
  content: JsonObject
  contextId?: string
  callbackData?: string
  statuses: { status: StatusName; at: number; errorCode?: number }[]
}

export interface ReceivedFilter {
  number?: string | undefined
  /** Only what was accepted after this position. */
  after?: number | undefined
  limit?: number | undefined
}

/** What was accepted from the business, oldest first. */
export function receivedBy(world: World, { number, after = 0, limit }: ReceivedFilter = {}): ReceivedRow[] {
  const rows: ReceivedRow[] = []
  for (let index = after; index < world.accepted.length && rows.length < (limit ?? Infinity); index++) {
    const message = world.accepted[index]
    if (message && (number === undefined || message.number === number)) rows.push(row(message, index + 1))
  }
  return rows
}

/**
 * Messages that reached a customer more than once: the same attempt accepted twice, or two attempts with the same
 * content to the same customer. Which of the latter an agent asked for is not known here.
 */
export function duplicatesIn(
  world: World,
  number?: string,
): { byAttempt: ReceivedRow[][]; byContent: ReceivedRow[][] } {
  const rows = receivedBy(world, { number }).filter(reachedSomebody)
  return {
    byAttempt: groupsOf(rows, ({ callbackData }) => callbackData),
    byContent: groupsOf(rows, ({ type, number: to, content }) => JSON.stringify([to, type, content])),
  }
}

function reachedSomebody({ statuses }: ReceivedRow): boolean {
  return !statuses.some((one) => one.status === 'failed')
}

function groupsOf(rows: ReceivedRow[], keyOf: (row: ReceivedRow) => string | undefined): ReceivedRow[][] {
  const groups = new Map<string, ReceivedRow[]>()
  for (const one of rows) {
    const key = keyOf(one)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

function row(message: ThreadMessage, position: number): ReceivedRow {
  const { wamid, number, at, type, content, contextId, callbackData, statuses } = message
  return {
    position,
    wamid,
    number,
    at,
    type,
    content,
    statuses: [...statuses],
    ...(contextId === undefined ? {} : { contextId }),
    ...(callbackData === undefined ? {} : { callbackData }),
  }
}
