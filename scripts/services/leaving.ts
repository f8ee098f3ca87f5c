import { watchLauncher } from './launcher.ts'

export interface Leaving {
  /** Fires when everything shall stop: Ctrl-C, SIGTERM, a closed terminal, a launcher that is gone. */
  asked: AbortSignal
  /** Fires at the second time of asking: no more patience. */
  hurry: AbortSignal
  /** Settles when `asked` fires. */
  whenAsked: Promise<void>
  /** Asks from inside: a part was given up. */
  ask(): void
}

/** Listens for the wish to stop. Nothing ends this process from now on but the process itself. */
export function listenForLeaving(onHurry: () => void = () => {}): Leaving {
  const asked = new AbortController()
  const hurry = new AbortController()
  const whenAsked = new Promise<void>((resolve) => asked.signal.addEventListener('abort', () => resolve()))
  let askedAt = 0
  const ask = () => {
    if (!asked.signal.aborted) {
      askedAt = performance.now()
      asked.abort()
      return
    }
    // A terminal signals the whole group and npm then passes the signal on: those two are one wish.
    if (performance.now() - askedAt < sameWishMs || hurry.signal.aborted) return
    hurry.abort()
    onHurry()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
  watchLauncher(ask)
  // With the terminal gone, a line that cannot be printed must not end this before all is stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return { asked: asked.signal, hurry: hurry.signal, whenAsked, ask }
}

const sameWishMs = 500
