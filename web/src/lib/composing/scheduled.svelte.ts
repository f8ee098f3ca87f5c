import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { ScheduledSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { OutgoingContent } from '../../../../server/whatsapp/outgoingContent.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'

export type ToSchedule = {
  conversationId: string
  /** The same again is the same message, also after an answer that was lost. */
  clientMessageId: string
  content: OutgoingContent
  quotedMessageId?: string
  sendAt: number
}

/** What is over is kept too: a list that was read before must not bring it back. */
const WAITS: ReadonlySet<ScheduledSnapshot['state']> = new Set(['scheduled', 'sending', 'refused'])

/** Messages that are sent later, of the conversations that were looked at, kept current by the feed. */
export class ScheduledMessages {
  #all = $state.raw<ReadonlyMap<string, ScheduledSnapshot>>(new Map())
  #busy = $state.raw<ReadonlySet<string>>(new Set())
  #troubles = $state.raw<ReadonlyMap<string, string>>(new Map())

  constructor(private readonly api: Api) {}

  /** What waits in a conversation or was refused, the next one first. */
  of(conversationId: string): ScheduledSnapshot[] {
    return [...this.#all.values()]
      .filter((one) => one.conversationId === conversationId && WAITS.has(one.state))
      .sort((a, b) => (a.sendAt < b.sendAt ? -1 : 1))
  }

  isBusy(id: string): boolean {
    return this.#busy.has(id)
  }

  trouble(id: string): string | null {
    return this.#troubles.get(id) ?? null
  }

  hear(events: readonly InboxEvent[]) {
    for (const event of events) if (event.type === 'scheduled.changed') this.#hold(event.scheduled)
  }

  forgetConversation(conversationId: string) {
    for (const one of this.of(conversationId)) this.#drop(one.id)
  }

  /** What the feed told while the list was on its way is newer than the list. */
  async load(conversationId: string): Promise<void> {
    const before = this.#all
    const answer = await this.api.messages.scheduled.query({ conversationId }).catch(() => null)
    if (answer === null) return
    const listed = new Map(answer.scheduled.map((one) => [one.id, one]))
    const isUntouched = (id: string) => this.#all.get(id) === before.get(id)
    for (const one of listed.values()) if (isUntouched(one.id)) this.#hold(one)
    for (const one of before.values())
      if (one.conversationId === conversationId && !listed.has(one.id) && isUntouched(one.id))
        this.#drop(one.id)
  }

  /** Null when it was scheduled, else why not. */
  async schedule({ sendAt, ...message }: ToSchedule): Promise<string | null> {
    try {
      const at = new Date(sendAt).toISOString()
      this.#hold((await this.api.messages.schedule.mutate({ ...message, sendAt: at })).scheduled)
      return null
    } catch (error) {
      return troubleOf(error).message
    }
  }

  /** `sendAt` null: now. True when it was done. */
  reschedule(scheduledId: string, sendAt: number | null): Promise<boolean> {
    const at = sendAt === null ? null : new Date(sendAt).toISOString()
    return this.#act(scheduledId, () => this.api.messages.reschedule.mutate({ scheduledId, sendAt: at }))
  }

  /** Calls it off, or puts one aside that was refused. True when it was done. */
  cancel(scheduledId: string): Promise<boolean> {
    return this.#act(scheduledId, () => this.api.messages.unschedule.mutate({ scheduledId }))
  }

  async #act(id: string, ask: () => Promise<{ scheduled: ScheduledSnapshot }>): Promise<boolean> {
    if (this.#busy.has(id)) return false
    this.#busy = new Set(this.#busy).add(id)
    this.#tell(id, null)
    try {
      this.#hold((await ask()).scheduled)
      return true
    } catch (error) {
      this.#tell(id, troubleOf(error).message)
      return false
    } finally {
      this.#busy = new Set([...this.#busy].filter((one) => one !== id))
    }
  }

  #hold(scheduled: ScheduledSnapshot) {
    const held = this.#all.get(scheduled.id)
    // An answer may come after the event of what happened next; what is over is over.
    if (held && !WAITS.has(held.state)) return
    this.#all = new Map(this.#all).set(scheduled.id, scheduled)
  }

  #drop(id: string) {
    const all = new Map(this.#all)
    all.delete(id)
    this.#all = all
  }

  #tell(id: string, words: string | null) {
    const troubles = new Map(this.#troubles)
    if (words === null) troubles.delete(id)
    else troubles.set(id, words)
    this.#troubles = troubles
  }
}
