import type { Credential } from '../auth/credential.ts'
import { Refusal } from '../inbox/refusal.ts'

/** A tab has two: so this is many tabs, or a program that runs wild. Each one costs memory here. */
const STREAMS_PER_CREDENTIAL = 200

/** The streams that are open in this process, by who follows them. */
export type OpenStreams = {
  /** One more, until it is disposed of. Refuses with TOO_MANY_REQUESTS. */
  open(credential: Credential): Disposable
}

export function createOpenStreams(most = STREAMS_PER_CREDENTIAL): OpenStreams {
  const counts = new Map<string, number>()
  return {
    open(credential) {
      const whose = credential.kind === 'session' ? credential.sessionId : credential.hash
      const count = counts.get(whose) ?? 0
      if (count >= most) {
        throw new Refusal('TOO_MANY_REQUESTS', `${most} streams are open already. Close some of them first.`)
      }
      counts.set(whose, count + 1)
      return {
        [Symbol.dispose]() {
          const left = (counts.get(whose) ?? 1) - 1
          if (left === 0) counts.delete(whose)
          else counts.set(whose, left)
        },
      }
    },
  }
}
