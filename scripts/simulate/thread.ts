import { type Choice, choicesIn } from './act.ts'
import { specialEnding } from './customers.ts'
import type { JsonObject, StatusName } from './entry.ts'
import { type PlainContent, plainContent, snippet } from './plainContent.ts'
import type { ThreadMessage, World } from './world.ts'

/** One phone in the list. */
export interface Phone {
  number: string
  name: string
  autoRead: boolean
  windowClosed: boolean
  /** What is special about this number, for the person at the page. */
  note?: string
  lastLine?: string
  lastAt?: number
  isUnread: boolean
  typingAt?: number
}

/** One bubble on a phone. */
export interface ThreadRow {
  wamid: string
  author: 'customer' | 'business'
  at: number
  content: PlainContent
  quoted?: { author: 'customer' | 'business'; snippet: string }
  reactions: string[]
  choices: Choice[]
  /** How far a customer's own message got. */
  progress?: 'waiting' | 'arrived' | 'read'
}

/** One message that the business got accepted. */
export interface LogRow {
  wamid: string
  number: string
  at: number
  type: string
  content: JsonObject
  contextId?: string
  callbackData?: string
  statuses: { status: StatusName; at: number; errorCode?: number }[]
}

/** All phones, the one with the newest message first. */
export function phonesOf(world: World): Phone[] {
  return [...world.customers.values()]
    .map((customer): Phone => {
      const { number, name, autoRead, windowClosed, openedAt } = customer
      const last = visible(world, number).at(-1)
      const note = specialEnding(number)?.note
      const typingAt = world.typingAt.get(number)
      return {
        number,
        name,
        autoRead,
        windowClosed,
        isUnread: last !== undefined && deliveredAt(last) > openedAt,
        ...(note === undefined ? {} : { note }),
        ...(last ? { lastLine: snippet(last.type, last.content), lastAt: last.at } : {}),
        ...(typingAt === undefined ? {} : { typingAt }),
      }
    })
    .sort((one, other) => (other.lastAt ?? 0) - (one.lastAt ?? 0))
}

/** What one phone shows: without messages that never reached it. */
export function threadOf(world: World, number: string): ThreadRow[] {
  return visible(world, number).map((message): ThreadRow => {
    const quoted = message.contextId === undefined ? undefined : world.messages.get(message.contextId)
    return {
      wamid: message.wamid,
      author: message.author,
      at: message.at,
      content: plainContent(message.type, message.content),
      reactions: Object.values(message.reactions).filter((emoji) => emoji !== ''),
      choices: message.author === 'business' ? choicesIn(message.type, message.content) : [],
      ...(quoted ? { quoted: { author: quoted.author, snippet: snippet(quoted.type, quoted.content) } } : {}),
      ...(message.author === 'customer' ? { progress: progressOf(message) } : {}),
    }
  })
}

/** What was accepted from the business, oldest first. */
export function logOf(world: World, number?: string): LogRow[] {
  return [...world.messages.values()]
    .filter((message) => message.author === 'business')
    .filter((message) => number === undefined || message.number === number)
    .map(({ wamid, number, at, type, content, contextId, callbackData, statuses }) => ({
      wamid,
      number,
      at,
      type,
      content,
      statuses: [...statuses],
      ...(contextId === undefined ? {} : { contextId }),
      ...(callbackData === undefined ? {} : { callbackData }),
    }))
}

/** A reaction is drawn on its target; a business message is here once it was delivered. */
function visible(world: World, number: string): ThreadMessage[] {
  return (world.threads.get(number) ?? []).filter((message) => {
    if (message.type === 'reaction') return false
    return message.author === 'customer' || message.statuses.some((one) => one.status === 'delivered')
  })
}

/** When a business message reached the phone; a message that was accepted before the phone was opened may come after. */
function deliveredAt(message: ThreadMessage): number {
  return message.statuses.find((one) => one.status === 'delivered')?.at ?? 0
}

function progressOf(message: ThreadMessage): 'waiting' | 'arrived' | 'read' {
  if (message.readByBusiness) return 'read'
  return message.arrived ? 'arrived' : 'waiting'
}
