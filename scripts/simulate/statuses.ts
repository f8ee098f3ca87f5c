import { between, type Chance } from './chance.ts'
import type { Customer } from './customers.ts'
import type { JournalEntry, StatusName } from './entry.ts'
import { endingOf } from './faults/endings.ts'
import type { History } from './history.ts'
import type { ThreadMessage } from './threadMessage.ts'

/** How long each step takes after the one before it: lowest and highest, in milliseconds. */
export interface StatusDelays {
  sentMs: readonly [number, number]
  deliveredMs: readonly [number, number]
  readMs: readonly [number, number]
}

export const realisticDelays: StatusDelays = {
  sentMs: [150, 400],
  deliveredMs: [300, 900],
  readMs: [1000, 2500],
}

const windowMs = 24 * 3_600_000
/** After a restart, messages this young go on where they stopped; older ones have met their fate. */
const resumeMs = 10 * 60_000

/**
 * Moves what the business sent along: accepted -> sent -> delivered -> read, or accepted -> failed.
 *
 * Each message has one timer at most, for its next step, and the step is chosen when the timer is set from what
 * the world knows. A reaction stops at `sent`, as on WhatsApp. `read` waits for the customer unless the phone
 * reads by itself.
 */
export class Statuses {
  private readonly timers = new Map<string, Timer>()

  constructor(
    private readonly history: History,
    private readonly delays: StatusDelays,
    private readonly chance: Chance,
  ) {}

  /** Sets going what an earlier run left under way. */
  resume(): void {
    const now = this.history.now()
    for (const message of this.history.world.messages.values()) {
      if (message.author === 'business' && now - message.at < resumeMs) this.schedule(message)
    }
  }

  follow(entry: JournalEntry): void {
    const { world } = this.history
    if (entry.kind === 'accepted' || entry.kind === 'status') {
      const message = world.messages.get(entry.wamid)
      if (message) this.schedule(message)
    }
    if (entry.kind === 'opened') {
      for (const message of unread(world.threads.get(entry.number))) this.step(message, 'read')
    }
    if (entry.kind === 'setting' && entry.autoRead) {
      for (const message of unread(world.threads.get(entry.number))) this.schedule(message)
    }
  }

  /** Tells this status now, whatever the ladder would have done: for tests of odd orders. */
  tell(wamid: string, status: StatusName, errorCode?: number): void {
    const message = this.history.world.messages.get(wamid)
    if (message?.author !== 'business') throw new Error(`The business sent no message ${wamid}`)
    this.step(message, status, errorCode)
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
  }

  private schedule(message: ThreadMessage): void {
    const next = nextStep(message, this.history.world.customer(message.number), this.history.now())
    if (!next || this.timers.has(message.wamid)) return
    const delayMs = between(this.chance, this.delays[next.delay])
    this.timers.set(
      message.wamid,
      setTimeout(() => this.step(message, next.status, next.errorCode), delayMs),
    )
  }

  private step(message: ThreadMessage, status: StatusName, errorCode?: number): void {
    clearTimeout(this.timers.get(message.wamid))
    this.timers.delete(message.wamid)
    this.history.record({
      kind: 'status',
      at: this.history.now(),
      wamid: message.wamid,
      status,
      ...(errorCode === undefined ? {} : { errorCode }),
    })
  }
}

interface Step {
  status: StatusName
  delay: keyof StatusDelays
  errorCode?: number
}

function nextStep(message: ThreadMessage, customer: Customer, now: number): Step | undefined {
  const last = message.statuses.at(-1)?.status
  if (last === undefined) {
    const errorCode = failureOf(message, customer, now)
    return errorCode === undefined
      ? { status: 'sent', delay: 'sentMs' }
      : { status: 'failed', delay: 'sentMs', errorCode }
  }
  if (message.type === 'reaction') return undefined
  if (last === 'sent') return { status: 'delivered', delay: 'deliveredMs' }
  if (last === 'delivered' && customer.autoRead) return { status: 'read', delay: 'readMs' }
  return undefined
}

/**
 * Why a message cannot reach this customer. Nobody's window is closed only because this simulator never saw them
 * write: the product's demo has a history that took place before the simulator began.
 */
function failureOf(message: ThreadMessage, customer: Customer, now: number): number | undefined {
  if (message.failure) return message.failure.code
  const trouble = endingOf(customer.number)?.trouble
  const special = trouble && 'code' in trouble && trouble.as === 'status' ? trouble.code : undefined
  if (special !== undefined && special !== 131047) return special
  if (message.type === 'template') {
    const isRefused = customer.isOptedOut && message.content.category === 'MARKETING'
    return isRefused ? 131050 : undefined
  }
  const isClosed =
    customer.windowClosed || (customer.wroteAt !== undefined && now - customer.wroteAt > windowMs)
  return special ?? (isClosed ? 131047 : undefined)
}

function unread(thread: ThreadMessage[] = []): ThreadMessage[] {
  return thread.filter(
    (message) => message.author === 'business' && message.statuses.at(-1)?.status === 'delivered',
  )
}
