import { figure } from '../../figure.ts'
import type { Row } from '../../row.ts'
import { median, spread } from '../../statistics.ts'
import { openInbox, openTab } from '../browserTab.ts'
import { type FilledThread, fillThreads } from '../fillThreads.ts'
import { untilAtRest, untilShown } from '../inPage.ts'

const THREADS = 10
const MESSAGES = 50

/** From the click on a conversation until its messages are on the screen: one that was open before, and one that was not. */
export const switching: Row = async (stage, scale) => {
  let threads: FilledThread[] = []
  const tab = await openTab(stage, {
    fill: async (databaseUrl) => {
      threads = await fillThreads(databaseUrl, Array<number>(THREADS).fill(MESSAGES))
    },
  })
  try {
    await openInbox(tab)
    const open = async ({ id, lastMessageId }: FilledThread) => {
      // Somebody reads before they go on: what the page did last is not part of this.
      await untilAtRest(tab.page)
      return untilShown(
        tab.page,
        `[data-conversation="${id}"]`,
        `[data-thread="${id}"] [data-message="${lastMessageId}"]`,
      )
    }
    const fresh: number[] = []
    for (const thread of threads) fresh.push(await open(thread))
    const cached: number[] = []
    for (let round = 0; round < (scale.isQuick ? 1 : 3); round++) {
      for (const thread of threads) cached.push(await open(thread))
    }
    const [, ...warm] = fresh // the first one loads the code of a thread as well
    return [
      figure('web-switch-cached', median(cached), 'ms', {
        note: `${cached.length} switches between ${THREADS} threads of ${MESSAGES} messages that were open before; spread ${spread(cached)}`,
      }),
      figure('web-switch-fresh', median(warm), 'ms', {
        note: `${warm.length} threads that were not open before, from the server; spread ${spread(warm)}`,
      }),
    ]
  } finally {
    await tab.close()
  }
}
