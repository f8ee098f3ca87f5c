import type { Logger } from 'pino'
import { waitFor } from '../live/wait.ts'
import type { ConsumerSettings } from './openConsumer.ts'
import type { FromWorker, ToWorker } from './workerMessages.ts'

export type SupervisedConsumer = {
  /** Milliseconds since the loop last turned. */
  idleMs(): number
  /** Ends the thread at once, in the middle of whatever it does; another takes its place. For tests of just that. */
  kill(): void
  /** Lets the batch in hand finish, then ends the thread. */
  stop(): Promise<void>
}

/** The loop turns every two seconds even when nothing comes; a thread that is silent for this long hangs. */
const SILENT_MS = 30_000
const WATCH_EVERY_MS = 5_000
const STOP_WITHIN_MS = 15_000
const FIRST_BACKOFF_MS = 200
const LONGEST_BACKOFF_MS = 10_000

/** Keeps one consumer thread alive: a thread that dies or hangs is replaced, later each time it happens again. */
export function superviseConsumer(
  settings: ConsumerSettings,
  log: Logger,
  turned: (turn: { entries: number; items: number }) => void,
): SupervisedConsumer {
  const stopping = new AbortController()
  let turnedAt = performance.now()
  let current: Worker | null = null

  const runOnce = () =>
    new Promise<void>((ended) => {
      // A batch is garbage once it is stored: a small heap that is swept often keeps the process a hundred megabytes smaller.
      const worker = new Worker(new URL('./worker.ts', import.meta.url).href, { smol: true })
      current = worker
      turnedAt = performance.now()
      const watch = setInterval(() => {
        if (performance.now() - turnedAt < SILENT_MS) return
        log.error({ silentMs: SILENT_MS }, 'the consumer thread hangs; replacing it')
        worker.terminate()
        end()
      }, WATCH_EVERY_MS)
      const end = () => {
        clearInterval(watch)
        current = null
        ended()
      }
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        turnedAt = performance.now() - (data.kind === 'turned' ? data.idleMs : 0)
        if (data.kind === 'turned') turned(data)
        if (data.kind === 'stopped') {
          worker.terminate()
          end()
        }
      }
      worker.onerror = (event) => {
        event.preventDefault()
        log.error({ reason: event.message }, 'the consumer thread failed')
      }
      worker.addEventListener('close', end)
      tell(worker, { kind: 'start', settings })
    })

  const running = (async () => {
    let backoffMs = FIRST_BACKOFF_MS
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      await runOnce()
      if (stopping.signal.aborted) return
      if (performance.now() - startedAt > 60_000) backoffMs = FIRST_BACKOFF_MS
      log.warn({ backoffMs }, 'the consumer thread ended; starting another')
      await waitFor(backoffMs, stopping.signal)
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
    }
  })()

  return {
    idleMs: () => performance.now() - turnedAt,
    kill: () => current?.terminate(),
    stop: async () => {
      stopping.abort()
      if (current !== null) tell(current, { kind: 'stop' })
      await Promise.race([running, waitFor(STOP_WITHIN_MS, undefined)])
      current?.terminate()
    },
  }
}

const tell = (worker: Worker, message: ToWorker) => worker.postMessage(message)
