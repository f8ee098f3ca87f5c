import type Redis from 'ioredis'
import { failPoint, isSabotaged } from '../failPoint.ts'
import { BODY_FIELD, SIGNED_FOR_FIELD, STREAM } from './stream.ts'

/** The stream did not say yes in time, so the delivery must not be answered with 200. */
export class NotAppended extends Error {
  override readonly name = 'NotAppended'
}

/** `signedFor`: the workspaces for which it was signed; null: for all. */
export type Append = (body: Uint8Array, signedFor?: readonly string[] | null) => Promise<void>

/** Meta asks for a median of 250 ms and less than 1 % over a second; after this long a retry serves better. */
const DEADLINE_MS = 2000
/** While Redis stands still, this much may wait for it; more is refused at once, or memory would fill. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024

/**
 * Appends bodies to the stream. Resolves only when Redis has said yes, which with `appendfsync always` means that the entry
 * is on disk. Throws {@link NotAppended} otherwise; the entry may then have been written all the same (a late reply), and
 * Meta's retry will be recognised by its wamids.
 */
export function createAppend(redis: Redis): Append {
  let waitingBytes = 0
  return async (body, signedFor = null) => {
    if (waitingBytes + body.byteLength > MOST_WAITING_BYTES)
      throw new NotAppended('Too much is waiting for Redis')
    waitingBytes += body.byteLength
    // Counted until Redis answers, not until we stop waiting: the command, and its body, live as long.
    const answer = redis
      .xadd(
        STREAM,
        '*',
        BODY_FIELD,
        Buffer.from(body.buffer, body.byteOffset, body.byteLength),
        ...(signedFor === null ? [] : [SIGNED_FOR_FIELD, signedFor.join(' ')]),
      )
      .finally(() => {
        waitingBytes -= body.byteLength
      })
    if (isSabotaged('answer-early')) return void answer.catch(() => {})
    await withinDeadline(answer)
    failPoint('after-xadd')
  }
}

async function withinDeadline(answer: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new NotAppended(`Redis did not answer within ${DEADLINE_MS} ms`)),
      DEADLINE_MS,
    )
  })
  try {
    await Promise.race([answer, deadline])
  } catch (error) {
    throw error instanceof NotAppended ? error : new NotAppended('Redis refused the entry', { cause: error })
  } finally {
    clearTimeout(timer)
    answer.catch(() => {}) // it may still fail after the deadline, and that is known already
  }
}
