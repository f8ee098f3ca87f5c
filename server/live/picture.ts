import type { AgentName } from '../inbox/snapshot.ts'
import type { Change } from './follower.ts'
import type { LiveMessage } from './liveMessage.ts'
import { LockPicture, lockSnapshot, type SeenLock } from './lockPicture.ts'
import type { HeldLock } from './lockStore.ts'
import type { LockChange, PresenceItem } from './presenceItem.ts'
import { TabPicture, type Touched } from './tabPicture.ts'
import type { ListedTab } from './tabStore.ts'
import { TypingPicture } from './typingPicture.ts'

/** What is soft in one workspace, as one process knows it. Pure: it is told what was heard and read, and says what changed. */
export class Picture {
  readonly #locks = new LockPicture()
  readonly #tabs = new TabPicture()
  readonly #typing = new TypingPicture()

  /** What the tab shows, as far as is known here. */
  shownBy(tabKey: string | null): string | null {
    return (tabKey && this.#tabs.get(tabKey)?.conversationId) ?? null
  }

  /** The conversations of which something is known, with their channels. */
  places(): { conversationId: string; channelId: string }[] {
    const { conversations } = this.#tabs.all()
    for (const lock of this.#locks.all()) conversations.set(lock.conversationId, lock.channelId)
    for (const [id, channelId] of this.#typing.conversations()) conversations.set(id, channelId)
    return [...conversations].map(([conversationId, channelId]) => ({ conversationId, channelId }))
  }

  /** Everything that somebody may see who reaches these conversations. */
  state(conversationIds: ReadonlySet<string>): PresenceItem {
    const inReach = ([id]: [string, string]) => conversationIds.has(id)
    const { conversations, agents } = this.#tabs.all()
    const locks = this.#locks.all().filter((lock) => conversationIds.has(lock.conversationId))
    return {
      type: 'state',
      locks: locks.map(lockSnapshot),
      viewers: [...conversations].filter(inReach).map(([id]) => ({
        conversationId: id,
        agents: this.#tabs.viewers(id),
      })),
      typing: [...this.#typing.conversations()].filter(inReach).map(([id]) => ({
        conversationId: id,
        agents: this.#typing.names(id),
      })),
      agents: [...agents.values()].map((agent) => ({ agent, state: this.#tabs.stateOf(agent.id) })),
    }
  }

  /** What a message changes. `message.ms` counts from `nowMs`. */
  hear(message: LiveMessage, nowMs: number): Change[] {
    switch (message.t) {
      case 'lock': {
        const { id: conversationId, channel: channelId, holder, fence, ms, change, previous } = message
        this.#locks.put({ conversationId, channelId, holder, fence, endsAtMs: nowMs + ms })
        return [this.#lockChange(conversationId, channelId, change, previous)]
      }
      case 'renewed':
        return message.ids.flatMap((id) => {
          const lock = this.#locks.get(id)
          return lock ? [this.#renewed(lock, nowMs + message.ms)] : []
        })
      case 'free':
        this.#locks.remove(message.id)
        return [this.#lockChange(message.id, message.channel, message.change, message.previous)]
      case 'draft': {
        const { id: conversationId, to, from, text } = message
        const item = { type: 'draft' as const, conversationId, text, from }
        return [{ key: `draft ${conversationId}`, channelId: null, toAgentId: to, item }]
      }
      case 'tab':
        return this.#opened({ key: message.id, tab: message.tab, leftMs: message.ms }, nowMs)
      case 'tabEnds':
        if (message.ms === 0) return this.#closed(message.id)
        this.#tabs.setEnd(message.id, nowMs + message.ms)
        return []
      case 'typing': {
        const { id: conversationId, channel: channelId, agent, tab, ms } = message
        if (ms > 0) this.#typing.put({ conversationId, channelId, agent, tab }, nowMs + ms)
        else this.#typing.remove(conversationId, tab)
        return [this.#typingChange(conversationId, channelId)]
      }
      case 'sent':
        return this.#stopTyping(
          ({ conversationId, agent }) => conversationId === message.id && agent.id === message.agent,
        )
    }
  }

  /** Typing that was not said again. Nothing knows more of it than this picture. */
  endTyping(nowMs: number): Change[] {
    return this.#stopTyping((typing) => typing.endsAtMs <= nowMs)
  }

  /** What has to be looked up because its time is over here. */
  due(nowMs: number): { conversationIds: string[]; tabKeys: string[] } {
    const locks = this.#locks.due(nowMs)
    return { conversationIds: locks.map((lock) => lock.conversationId), tabKeys: this.#tabs.due(nowMs) }
  }

  known(): { conversationIds: string[]; tabKeys: string[] } {
    return {
      conversationIds: this.#locks.all().map((lock) => lock.conversationId),
      tabKeys: this.#tabs.keys(),
    }
  }

  /** What Redis said of the locks of these conversations: those that are not in `found` have ended. */
  lookedUpLocks(conversationIds: Iterable<string>, found: readonly HeldLock[], nowMs: number): Change[] {
    const held = new Map(found.map((lock) => [lock.conversationId, lock]))
    return [...new Set([...conversationIds, ...held.keys()])].flatMap((conversationId) => {
      const before = this.#locks.get(conversationId)
      const lock = held.get(conversationId)
      if (!lock) {
        if (!before) return []
        this.#locks.remove(conversationId)
        return [this.#lockChange(conversationId, before.channelId, 'expired', before.holder)]
      }
      const endsAtMs = nowMs + lock.leftMs
      if (before?.fence === lock.fence) return [this.#renewed(before, endsAtMs)]
      const { channelId, holder, fence } = lock
      this.#locks.put({ conversationId, channelId, holder, fence, endsAtMs })
      const change = before && before.holder.id !== holder.id ? 'taken_over' : 'acquired'
      return [this.#lockChange(conversationId, channelId, change, before?.holder ?? null)]
    })
  }

  /** What Redis said of these tabs: those that are not in `found` are closed. */
  lookedUpTabs(keys: Iterable<string>, found: readonly ListedTab[], nowMs: number): Change[] {
    const open = new Set(found.map((one) => one.key))
    const closed = [...keys].filter((key) => !open.has(key))
    return [
      ...closed.flatMap((key) => this.#closed(key)),
      ...found.flatMap((one) => this.#opened(one, nowMs)),
    ]
  }

  #closed(key: string): Change[] {
    return [...this.#touched(this.#tabs.remove(key)), ...this.#stopTyping((typing) => typing.tab === key)]
  }

  #opened({ key, tab, leftMs }: ListedTab, nowMs: number): Change[] {
    const before = this.#tabs.get(key)
    if (before && Bun.deepEquals(shown(before), shown(tab))) {
      this.#tabs.setEnd(key, nowMs + leftMs)
      return []
    }
    const changes = [
      ...this.#touched(this.#tabs.put(key, tab, nowMs + leftMs)),
      ...this.#stopTyping((typing) => typing.tab === key && typing.conversationId !== tab.conversationId),
    ]
    // It may count the seconds of this lock from now on, and was not told of its heartbeats before.
    const lock = tab.conversationId && this.#locks.get(tab.conversationId)
    return lock ? [...changes, this.#renewed(lock, lock.endsAtMs)] : changes
  }

  #stopTyping(isOver: Parameters<TypingPicture['drop']>[0]): Change[] {
    const over = this.#typing.drop(isOver)
    return over.map(({ conversationId, channelId }) => this.#typingChange(conversationId, channelId))
  }

  #renewed(lock: SeenLock, endsAtMs: number): Change {
    lock.endsAtMs = endsAtMs
    const { conversationId, channelId } = lock
    const change = this.#lockChange(conversationId, channelId, 'renewed', null)
    return { ...change, toViewersOf: conversationId }
  }

  #lockChange(id: string, channelId: string, change: LockChange, previous: AgentName | null): Change {
    const held = this.#locks.get(id)
    const lock = held ? lockSnapshot(held) : null
    const item = { type: 'lock' as const, conversationId: id, lock, change, previous }
    return { key: `lock ${id}`, channelId, item }
  }

  #typingChange(conversationId: string, channelId: string): Change {
    const agents = this.#typing.names(conversationId)
    const item = { type: 'typing' as const, conversationId, agents }
    return { key: `typing ${conversationId}`, channelId, item }
  }

  #touched({ conversations, agents }: Touched): Change[] {
    const viewed = [...conversations].map(([conversationId, channelId]): Change => {
      const item = { type: 'viewers' as const, conversationId, agents: this.#tabs.viewers(conversationId) }
      return { key: `viewers ${conversationId}`, channelId, item }
    })
    const there = [...agents.values()].map((agent): Change => {
      const item = { type: 'agent' as const, agent, state: this.#tabs.stateOf(agent.id) }
      return { key: `agent ${agent.id}`, channelId: null, item }
    })
    return [...viewed, ...there]
  }
}

const shown = ({ agent, conversationId, channelId, isAway }: ListedTab['tab']) => [
  agent.id,
  agent.name,
  conversationId,
  channelId,
  isAway,
]
