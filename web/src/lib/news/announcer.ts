import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { Preferences } from '../preferences.svelte.ts'
import { Calm, type Telling } from './calm.ts'
import { newsInWords } from './newsInWords.ts'
import { newsOf } from './newsOf.ts'
import { play } from './sound.ts'
import { type Teller, tellerOf } from './teller.ts'

/** What it has to know of the tab. */
type Tab = {
  preferences: Preferences
  /** The connection was lost, and what comes now was said meanwhile: the banner tells how much. */
  isCatchingUp(): boolean
  go(path: string): unknown
}

/** Tells an agent who looks elsewhere what is new: by a notification, by a sound, as they chose. */
export class Announcer {
  #openId: string | null = null
  #shown = new Map<string, Notification>()
  #teller: Teller | null = null
  readonly #calm: Calm

  constructor(
    private readonly agentId: string,
    private readonly tab: Tab,
  ) {
    this.#calm = new Calm((telling) => this.#tell(telling), {
      now: () => Date.now(),
      after: (ms, act) => {
        const timer = setTimeout(act, ms)
        return () => clearTimeout(timer)
      },
    })
  }

  start() {
    this.#teller = tellerOf(this.agentId)
  }

  hear(events: readonly InboxEvent[]) {
    const { notifications, sound } = this.tab.preferences
    if ((!notifications.isOn && !sound) || this.tab.isCatchingUp()) return
    const news = newsOf(events, this.agentId)
      .filter(({ kind }) => notifications[kind])
      .filter(({ conversationId }) => !this.#isLookedAt(conversationId))
    if (news.length > 0) void this.#teller?.isTeller().then((isTeller) => isTeller && this.#calm.hear(news))
  }

  /** The conversation that this tab shows now. */
  shows(conversationId: string | null) {
    this.#openId = conversationId
    this.looked()
  }

  /** The page was hidden or shown. */
  looked() {
    this.#teller?.looked()
    if (this.#openId !== null && this.#isLookedAt(this.#openId)) this.#seen(this.#openId)
  }

  stop() {
    this.#calm.drop()
    this.#teller?.stop()
    for (const notification of this.#shown.values()) notification.close()
    this.#shown.clear()
  }

  #isLookedAt(conversationId: string): boolean {
    return conversationId === this.#openId && !document.hidden
  }

  #seen(conversationId: string) {
    this.#calm.seen(conversationId)
    this.#shown.get(conversationId)?.close()
    this.#shown.delete(conversationId)
  }

  #tell(telling: Telling) {
    const { notifications, sound } = this.tab.preferences
    if (sound) play()
    if (notifications.isOn) this.#notify(telling)
  }

  #notify(telling: Telling) {
    const { conversationId } = telling
    const { title, body } = newsInWords(telling)
    const notification = notificationOf(title, body, conversationId)
    if (!notification) return
    this.#shown.set(conversationId, notification)
    notification.onclick = () => {
      window.focus()
      this.tab.go(`/c/${conversationId}`)
      this.#seen(conversationId)
    }
  }
}

/**
 * One for each conversation: a newer one takes the place of the older, and is seen again. Silent, because the sound is a choice
 * of its own. Null where the browser has none, or wants them from a service worker (Chrome on Android).
 */
export function notificationOf(title: string, body: string, tag: string): Notification | null {
  if (!('Notification' in window) || Notification.permission !== 'granted') return null
  try {
    const options = { body, tag: `baton:${tag}`, renotify: true, icon: '/favicon.svg', silent: true }
    return new Notification(title, options)
  } catch {
    return null
  }
}
