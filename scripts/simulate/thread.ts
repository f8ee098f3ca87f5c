import { type Choice, choicesIn } from './choices.ts'
import { endingOf } from './faults/endings.ts'
import { type PlainContent, plainContent, snippet } from './plainContent.ts'
import type { ThreadMessage } from './threadMessage.ts'
import type { World } from './world.ts'

/** One phone in the list. */
export interface Phone {
  number: string
  name: string
  autoRead: boolean
  windowClosed: boolean
  isOptedOut: boolean
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

/** All phones, the one with the newest message first. */
export function phonesOf(world: World): Phone[] {
  return [...world.customers.values()]
    .map((customer): Phone => {
      const { number, name, autoRead, windowClosed, isOptedOut, openedAt } = customer
      const last = world.threads.get(number)?.findLast(isVisible)
      const note = endingOf(number)?.note
      const typingAt = world.typingAt.get(number)
      return {
        number,
        name,
        autoRead,
        windowClosed,
        isOptedOut,
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

function visible(world: World, number: string): ThreadMessage[] {
  return (world.threads.get(number) ?? []).filter(isVisible)
}

const shown = new Set(['delivered', 'read', 'played'])

/** A reaction is drawn on its target; a business message is here once it was delivered. */
function isVisible(message: ThreadMessage): boolean {
  if (message.type === 'reaction') return false
  return message.author === 'customer' || message.statuses.some((one) => shown.has(one.status))
}

/** When a business message reached the phone; a message that was accepted before the phone was opened may come after. */
function deliveredAt(message: ThreadMessage): number {
  return message.statuses.find((one) => shown.has(one.status))?.at ?? 0
}

function progressOf(message: ThreadMessage): 'waiting' | 'arrived' | 'read' {
  if (message.readByBusiness) return 'read'
  return message.arrived ? 'arrived' : 'waiting'
}
