import { openConsumer } from './openConsumer.ts'
import type { FromWorker, ToWorker } from './workerMessages.ts'

/**
 * The consumer as a worker thread, so that parsing and storing never take time from the server's thread. Signals do not
 * reach a worker: it is told by message to finish its batch and stop.
 */
declare const self: Worker

const stop = new AbortController()
const tell = (message: FromWorker) => self.postMessage(message)

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'stop') {
    stop.abort()
    return
  }
  const consumer = await openConsumer(data.settings, (turn) => tell({ kind: 'turned', ...turn }))
  tell({ kind: 'started' })
  await consumer.run(stop.signal)
  await consumer.close()
  tell({ kind: 'stopped' })
}
