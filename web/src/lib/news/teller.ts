/** Which tab of an agent's browser tells what is new: exactly one, and a visible one before a hidden one. */
export type Teller = {
  /** The page was hidden or shown. */
  looked(): void
  isTeller(): Promise<boolean>
  stop(): void
}

type Held = { release: () => void; isHeld: boolean }

/**
 * By the browser's locks, which a tab that is closed, frozen or crashed cannot keep: one that the visible tabs stand in line
 * for, one that all do. The visible one that holds the first tells; while nobody holds it, the one that holds the second.
 * Where there are no locks (a page without TLS) there are no notifications either, and each tab is on its own.
 */
export function tellerOf(agentId: string, locks: LockManager | undefined = navigator.locks): Teller {
  if (!locks) return { looked: () => {}, isTeller: async () => !document.hidden, stop: () => {} }
  const visibleName = `baton:tells:visible:${agentId}`
  const all = standInLine(locks, `baton:tells:${agentId}`)
  let visible: Held | null = null
  const looked = () => {
    if (!document.hidden) visible ??= standInLine(locks, visibleName)
    else {
      visible?.release()
      visible = null
    }
  }
  looked()
  return {
    looked,
    async isTeller() {
      if (visible) return visible.isHeld
      if (!all.isHeld) return false
      const { held = [] } = await locks.query()
      return !held.some(({ name }) => name === visibleName)
    },
    stop() {
      all.release()
      visible?.release()
      visible = null
    },
  }
}

/** Waits for a lock and keeps it until it is released; one that is released before it was given is never taken. */
function standInLine(locks: LockManager, name: string): Held {
  const over = Promise.withResolvers<void>()
  const leaving = new AbortController()
  const held: Held = {
    isHeld: false,
    release: () => {
      held.isHeld = false
      leaving.abort()
      over.resolve()
    },
  }
  const take = () => {
    held.isHeld = !leaving.signal.aborted
    return over.promise
  }
  locks.request(name, { signal: leaving.signal }, take).catch(() => {})
  return held
}
