import type { Session } from '../inbox/session.svelte.ts'
import { sectionsFor } from '../settings/sections.ts'

const KEY = 'baton:first-hour'

/** What an administrator does first, in the order in which one thing needs the other. */
export type Step = {
  id: 'number' | 'people' | 'template' | 'message'
  title: string
  words: string
  isDone: boolean
  /** The page where it is done; null when it is done elsewhere, or that page is not there. */
  href: string | null
}

type Needed = Pick<Session, 'api' | 'me' | 'people' | 'inbox'>

/**
 * The first hour of a workspace. Each step is done when the workspace says so, whoever did it and wherever: nothing is ticked
 * by hand.
 */
export class FirstHour {
  #templates = $state.raw(0)
  #hasTalked = $state.raw(false)
  #isLoaded = $state.raw(false)
  #isDismissed = $state.raw(read() !== null)

  constructor(private readonly session: Needed) {}

  /** For whoever can do something about it, while something is left to do and they want to see it. */
  get isShown(): boolean {
    return this.#isTheirs && !this.#isDismissed && this.#isLoaded && this.left > 0
  }

  get left(): number {
    return this.steps.filter(({ isDone }) => !isDone).length
  }

  get steps(): readonly Step[] {
    const { me, people } = this.session
    return [
      {
        id: 'number',
        title: 'Connect a number',
        words: 'Customers write to it, and your team answers from it.',
        isDone: me.channels.length > 0,
        href: this.#page('channels'),
      },
      {
        id: 'people',
        title: 'Invite your team',
        words: 'Everybody answers under their own name, and nobody over a colleague.',
        isDone: people.agents.length > 1,
        href: this.#page('people'),
      },
      {
        id: 'template',
        title: 'Get a template approved',
        words:
          'WhatsApp lets a business write first only with one. You make it in the WhatsApp Manager; Baton fetches it.',
        isDone: this.#templates > 0,
        href: null,
      },
      {
        id: 'message',
        title: 'Have the first conversation',
        words: 'Write to your number from a phone, and answer here.',
        isDone: this.#hasTalked || this.session.inbox.rows.length > 0,
        href: null,
      },
    ]
  }

  async load(): Promise<void> {
    const { api, me, people } = this.session
    if (!this.#isTheirs || this.#isDismissed) return
    const [channel] = me.channels
    const [templates, resolved] = await Promise.all([
      channel ? api.templates.list.query({ channelId: channel.id }).catch(() => null) : null,
      api.conversations.list.query({ view: 'resolved', limit: 1 }).catch(() => null),
      people.isLoaded ? null : people.load(),
    ])
    this.#templates = templates?.templates.length ?? 0
    this.#hasTalked = (resolved?.conversations.length ?? 0) > 0
    this.#isLoaded = true
  }

  /** On this device, for good. */
  dismiss() {
    this.#isDismissed = true
    try {
      localStorage.setItem(KEY, 'dismissed')
    } catch {
      // Without storage it is put aside for as long as the tab lives.
    }
  }

  /** They can do at least some of it. */
  get #isTheirs(): boolean {
    const { may } = this.session.me
    return may['channels.manage'] || may['people.manage']
  }

  #page(path: string): string | null {
    return sectionsFor(this.session.me).some((section) => section.path === path) ? `/settings/${path}` : null
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
