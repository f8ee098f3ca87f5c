import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { messageSnapshot } from '../../../../server/testing/messageSnapshot.ts'
import { END, START } from './spans.ts'
import {
  emptyThread,
  lateIn,
  messagesIn,
  shownSpan,
  type ThreadState,
  withArrived,
  withThreadPage,
} from './threadState.ts'
import { trimThread } from './trimThread.ts'

const PAGE = 5
const at = (index: number) => String(index).padStart(4, '0')

function said(index: number, over: Partial<MessageSnapshot> = {}): MessageSnapshot {
  return messageSnapshot({
    id: `m${index}`,
    conversationId: 'c1',
    wamid: `wamid.${index}`,
    body: `${index}`,
    content: { kind: 'text', text: `${index}` },
    position: at(index),
    sentAt: '2026-11-22T12:00:00.000Z',
    ...over,
  })
}

type Asked = { before?: string; after?: string; around?: string }

/** What the server answers, of the messages that it has at that moment. */
function pageOf(stored: readonly number[], { before, after, around }: Asked) {
  const all = stored.toSorted((a, b) => a - b).map((index) => said(index))
  const from = around ?? after ?? before ?? END
  const above = all.filter(({ position }) => position < from)
  const below = all.filter(({ position }) => (after === undefined ? position >= from : position > from))
  const up = around !== undefined ? above.slice(-2) : after === undefined ? above.slice(-PAGE) : []
  const down =
    around !== undefined ? below.slice(0, PAGE - 2) : after !== undefined ? below.slice(0, PAGE) : []
  const messages = [...up, ...down]
  return {
    messages,
    reactions: [],
    hasOlder: after !== undefined || up.length < above.length,
    hasNewer:
      before !== undefined || down.length < (after === undefined && around === undefined ? 0 : below.length),
  }
}

const ids = (messages: readonly MessageSnapshot[]) => messages.map(({ id }) => id)

/** All that a span claims to hold, of what the server has. */
function storedIn(stored: readonly number[], span: { from: string; to: string }) {
  return stored
    .filter((index) => span.from <= at(index) && at(index) <= span.to)
    .toSorted((a, b) => a - b)
    .map((index) => `m${index}`)
}

type Step =
  | { kind: 'arrives'; index: number }
  | { kind: 'asks'; ask: 'newest' | 'older' | 'newer' | 'around'; pick: number }
  | { kind: 'answered'; pick: number }
  | { kind: 'trims'; pick: number }

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('arrives' as const), index: fc.integer({ min: 0, max: 99 }) }),
  fc.record({
    kind: fc.constant('asks' as const),
    ask: fc.constantFrom('newest', 'older', 'newer', 'around'),
    pick: fc.nat(99),
  }),
  fc.record({ kind: fc.constant('answered' as const), pick: fc.nat(99) }),
  fc.record({ kind: fc.constant('trims' as const), pick: fc.nat(99) }),
)

/** A tab and a server: messages are stored, told of later, and pages are read at one moment and arrive at another. */
class World {
  readonly stored: number[] = []
  thread: ThreadState = emptyThread
  #told = 0
  #answers: { page: ReturnType<typeof pageOf>; asked: Asked }[] = []

  run(step: Step) {
    if (step.kind === 'arrives' && !this.stored.includes(step.index)) this.stored.push(step.index)
    if (step.kind === 'asks') this.#ask(step.ask, step.pick)
    if (step.kind === 'answered') this.#answer(step.pick)
    // Half of the events are told at once, the others some steps later: in the order of the log.
    if (step.kind !== 'asks' || step.pick % 2 === 0) this.#tell()
    if (step.kind === 'trims' && this.#answers.length === 0) {
      this.tellAll()
      this.thread = trimThread(this.thread, at(step.pick))
    }
  }

  tellAll() {
    while (this.#told < this.stored.length) this.#tell()
  }

  settle() {
    while (this.#answers.length > 0) this.#answer(0)
    this.tellAll()
  }

  #tell() {
    const index = this.stored[this.#told]
    if (index === undefined) return
    this.thread = withArrived(this.thread, said(index))
    this.#told += 1
  }

  #ask(ask: 'newest' | 'older' | 'newer' | 'around', pick: number) {
    const span = this.thread.spans[pick % Math.max(1, this.thread.spans.length)]
    const asked =
      ask === 'newest'
        ? {}
        : ask === 'around'
          ? { around: at(pick) }
          : ask === 'older' && span && span.from !== START
            ? { before: span.from }
            : ask === 'newer' && span && span.to !== END
              ? { after: span.to }
              : {}
    this.#answers.push({ page: pageOf(this.stored, asked), asked })
  }

  #answer(pick: number) {
    const [answer] = this.#answers.splice(pick % Math.max(1, this.#answers.length), 1)
    if (answer) this.thread = withThreadPage(this.thread, answer.page, answer.asked)
  }
}

describe('the windows of a thread', () => {
  test('in any order of pages and events, what is shown as one piece lacks nothing of it', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 5, maxLength: 60 }), (list) => {
        const world = new World()
        for (const step of list) world.run(step)
        world.settle()
        for (const span of world.thread.spans)
          expect(ids(messagesIn(world.thread, span))).toEqual(storedIn(world.stored, span))
        const { spans } = world.thread
        for (const [index, span] of spans.entries())
          expect(span.from <= span.to && (spans[index - 1]?.to ?? '') <= span.from).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('a message beyond a gap is not shown as if it came next', () => {
    let thread = withThreadPage(emptyThread, pageOf([1, 2, 3, 50, 51, 52, 53, 54, 55], { around: at(1) }), {})
    thread = withArrived(thread, said(90))
    expect(ids(messagesIn(thread, shownSpan(thread, at(1))))).toEqual(['m1', 'm2', 'm3'])
  })

  test('two parts of a thread become one when the page between them comes', () => {
    const stored = Array.from({ length: 12 }, (_, index) => index)
    let thread = withThreadPage(emptyThread, pageOf(stored, {}), {})
    thread = withThreadPage(thread, pageOf(stored, { around: at(2) }), {})
    expect(thread.spans).toHaveLength(2)
    const after = thread.spans[0]?.to ?? ''
    thread = withThreadPage(thread, pageOf(stored, { after }), { after })
    expect(thread.spans).toEqual([{ from: START, to: END }])
    expect(messagesIn(thread, shownSpan(thread, at(2)))).toHaveLength(12)
  })

  test('a page that arrives after its neighbour was forgotten leaves no hole', () => {
    const stored = Array.from({ length: 1_000 }, (_, index) => index)
    let thread = withThreadPage(
      emptyThread,
      { ...pageOf(stored, {}), messages: stored.map((index) => said(index)) },
      {},
    )
    thread = { ...thread, spans: [{ from: at(0), to: END }] }
    const older = { page: pageOf(stored, { before: at(0) }), asked: { before: at(0) } }
    thread = trimThread(thread, END)
    expect(thread.messages.size).toBeLessThan(300)
    thread = withThreadPage(thread, older.page, older.asked)
    for (const span of thread.spans) expect(ids(messagesIn(thread, span))).toEqual(storedIn(stored, span))
  })

  test('far from the reader nothing is kept but the newest end', () => {
    const stored = Array.from({ length: 2_000 }, (_, index) => index)
    const whole = { messages: stored.map((index) => said(index)), reactions: [], hasOlder: false }
    const thread = trimThread(withThreadPage(emptyThread, whole, {}), at(700))
    expect(thread.messages.size).toBeLessThan(620)
    expect(ids(messagesIn(thread, shownSpan(thread, at(700))))).toContain('m700')
    expect(ids(messagesIn(thread, shownSpan(thread, END))).at(-1)).toBe('m1999')
  })

  test('what came late is told of until it was seen, whether by its event or with the page', () => {
    const late = withArrived(emptyThread, said(3, { isLate: true }))
    const told = withThreadPage(late, { ...pageOf([9], {}), late: [{ id: 'm1', position: at(1) }] }, {})
    expect(lateIn(told, new Set())).toEqual(['m1', 'm3'])
    expect(lateIn(told, new Set(['m1']))).toEqual(['m3'])
  })
})
