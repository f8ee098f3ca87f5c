type Waiting<Key, Answer> = { key: Key } & PromiseWithResolvers<Answer>

/**
 * Asks for many at once: who asks while a question is on the way goes with all who did in the next one, and who comes alone
 * does not wait. Every answer was read after its question, never before. `load` answers in the order of the keys.
 */
export function together<Key, Answer>(
  load: (keys: Key[]) => Promise<Answer[]>,
  largestBatch = 500,
): (key: Key) => Promise<Answer> {
  const waiting: Waiting<Key, Answer>[] = []
  let isRunning = false

  const run = async () => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, largestBatch)
      try {
        const answers = await load(batch.map((one) => one.key))
        if (answers.length !== batch.length) throw new Error('Not every question was answered')
        for (const [index, answer] of answers.entries()) batch[index]?.resolve(answer)
      } catch (error) {
        for (const one of batch) one.reject(error)
      }
    }
    isRunning = false
  }

  return (key) => {
    const one = { key, ...Promise.withResolvers<Answer>() }
    waiting.push(one)
    if (!isRunning) {
      isRunning = true
      queueMicrotask(() => void run()) // so that what is asked in this tick goes along
    }
    return one.promise
  }
}

/** {@link together} for a question without a key. */
export function asOne<Answer>(load: () => Promise<Answer>): () => Promise<Answer> {
  const ask = together(async (askers: null[]) => {
    const answer = await load()
    return askers.map(() => answer)
  }, Number.POSITIVE_INFINITY)
  return () => ask(null)
}
