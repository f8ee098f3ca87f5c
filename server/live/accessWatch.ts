import type { Logger } from 'pino'
import { together } from '../../db/together.ts'
import type { Credential } from '../auth/credential.ts'
import type { Agent } from '../inbox/agent.ts'
import type { Reach } from '../inbox/policy.ts'

/** What an agent may see, as it is now. */
export type Access = { agent: Agent; reach: Reach }

/** The access of many credentials, in their order; null when the session, the key or the membership has ended. */
export type LoadAccesses = (credentials: Credential[]) => Promise<(Access | null)[]>

/** The access of one credential, kept current while somebody follows with it. */
export type WatchedAccess = {
  /** Null when the session, the key or the membership has ended: nothing may be delivered any more. */
  readonly current: Access | null
  /** Aborts at that moment. */
  readonly ended: AbortSignal
  /** Whether the last look is recent enough to deliver on the strength of it. */
  isFresh(): boolean
  /** Looks again when it is not. */
  refresh(): Promise<void>
  /** Calls when other conversations are in reach than before, or none any more. */
  onChange(listener: () => void): void
  stop(): void
}

export type AccessWatch = { watch(credential: Credential): Promise<WatchedAccess>; close(): void }

/** Nothing is delivered on the strength of a look older than this. */
const HOLDS_MS = 1000
/** A stream must end within a second of the session, also when nothing happens on it. */
const LOOK_EVERY_MS = 600

type Entry = {
  credential: Credential
  access: Access | null
  lookedAtMs: number
  watchers: number
  listeners: Set<() => void>
  ended: AbortController
}

/**
 * Looks after the credentials of all who follow in this process: with one question for all of them, whatever the number of sockets. A
 * database that is away ends nothing, and lets nothing through.
 */
export function createAccessWatch(loadAccesses: LoadAccesses, log: Logger): AccessWatch {
  const entries = new Map<string, Entry>()
  const load = together(loadAccesses)
  let isLooking = false

  const look = async (entry: Entry): Promise<void> => {
    const atMs = performance.now()
    const access = await load(entry.credential)
    const before = entry.access
    entry.access = access
    entry.lookedAtMs = atMs
    if (access === null) entry.ended.abort()
    const isSame =
      before === null || access === null
        ? before === access
        : access.reach.changedSince(before.reach).length === 0
    if (!isSame) for (const listener of entry.listeners) listener()
  }

  const lookAtAll = async () => {
    if (isLooking || entries.size === 0) return
    isLooking = true
    const looks = await Promise.allSettled([...entries.values()].map(look))
    isLooking = false
    const failed = looks.find((one) => one.status === 'rejected')
    if (failed) log.warn({ err: failed.reason }, 'the access of those who follow could not be looked at')
  }
  const clock = setInterval(() => void lookAtAll(), LOOK_EVERY_MS)
  clock.unref()

  return {
    async watch(credential) {
      const key = credential.kind === 'session' ? credential.sessionId : credential.hash
      const known = entries.get(key)
      const entry = known ?? {
        credential,
        access: null,
        lookedAtMs: -HOLDS_MS,
        watchers: 0,
        listeners: new Set<() => void>(),
        ended: new AbortController(),
      }
      entry.watchers++
      entries.set(key, entry)
      const own: (() => void)[] = []
      const stop = once(() => {
        entry.watchers--
        for (const listener of own) entry.listeners.delete(listener)
        if (entry.watchers === 0 && entries.get(key) === entry) entries.delete(key)
      })
      const isFresh = () => performance.now() - entry.lookedAtMs < HOLDS_MS
      const refresh = async () => {
        if (!isFresh()) await look(entry)
      }
      try {
        await look(entry) // who comes anew is not let in on an earlier look
      } catch (error) {
        stop()
        throw error
      }
      return {
        get current() {
          return entry.access
        },
        ended: entry.ended.signal,
        isFresh,
        refresh,
        onChange(listener) {
          own.push(listener)
          entry.listeners.add(listener)
        },
        stop,
      }
    },
    close() {
      clearInterval(clock)
      entries.clear()
    },
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
