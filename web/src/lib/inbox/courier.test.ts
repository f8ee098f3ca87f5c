import { describe, expect, test } from 'bun:test'
import { eventually } from '../../../../server/testing/eventually.ts'
import { Courier, type Exclusively, type Offered } from './courier.ts'

const AT_ONCE = { firstRetryMs: 1, longestRetryMs: 2 }
const NEVER = { firstRetryMs: 1_000_000, longestRetryMs: 1_000_000 }

/** One device: a queue, a line to the server, and the locks that its tabs share. */
function device() {
  const queue: string[] = []
  const taken: string[] = []
  const state = { isAway: false, offers: 0, offeringAtOnce: 0, mostAtOnce: 0 }
  let last: Promise<unknown> = Promise.resolve()
  const exclusively: Exclusively = (_, signal, act) => {
    const turn = last.then(() => (signal.aborted ? undefined : act()))
    last = turn.catch(() => {})
    return turn
  }
  const offer = async (): Promise<Offered> => {
    const first = queue[0]
    if (first === undefined) return 'none'
    state.offers += 1
    state.offeringAtOnce += 1
    state.mostAtOnce = Math.max(state.mostAtOnce, state.offeringAtOnce)
    await Promise.resolve()
    state.offeringAtOnce -= 1
    if (state.isAway) return 'later'
    taken.push(first)
    queue.shift()
    return 'settled'
  }
  return { queue, taken, state, tab: (times = AT_ONCE) => new Courier(offer, exclusively, times) }
}

describe('the courier of a queue', () => {
  test('messages arrive once and in order, though three tabs carry them', async () => {
    const { queue, taken, state, tab } = device()
    const tabs = [tab(), tab(), tab()]
    const said = Array.from({ length: 30 }, (_, number) => `message ${number}`)
    for (const [index, words] of said.entries()) {
      queue.push(words)
      tabs[index % tabs.length]?.attend('nora')
    }
    await eventually(() => taken.length === said.length)
    expect(taken).toEqual(said)
    expect(state.mostAtOnce).toBe(1)
  })

  test('what is written in the moment in which nothing more was found is carried too', async () => {
    const { queue, taken, tab } = device()
    const courier = tab()
    for (let number = 0; number < 50; number += 1) {
      queue.push(`message ${number}`)
      courier.attend('nora')
      for (let turn = 0; turn < number % 7; turn += 1) await Promise.resolve()
    }
    await eventually(() => taken.length === 50)
  })

  test('while the server is away it is asked again, and hurrying asks at once', async () => {
    const { queue, taken, state, tab } = device()
    const courier = tab(NEVER)
    state.isAway = true
    queue.push('hello')
    courier.attend('nora')
    await eventually(() => state.offers === 1)
    state.isAway = false
    courier.hurry()
    await eventually(() => taken.length === 1)
  })

  test('a tab that is closed leaves the rest to the next one', async () => {
    const { queue, taken, state, tab } = device()
    const [first, second] = [tab(NEVER), tab(NEVER)]
    state.isAway = true
    queue.push('hello')
    first.attend('nora')
    await eventually(() => state.offers === 1)
    second.attend('nora')
    state.isAway = false
    first.stop()
    await eventually(() => taken.length === 1)
    expect(state.offers).toBe(2)
  })
})
