import { beforeEach, describe, expect, test } from 'bun:test'
import type { InboxEvent } from '../../../../server/inbox/event.ts'
import { Calm, PAUSE_MS, type Telling } from './calm.ts'
import { newsInWords } from './newsInWords.ts'
import { type News, newsOf } from './newsOf.ts'
import { inShort } from './tabBadge.ts'
import { tellerOf } from './teller.ts'

const news = (conversationId: string, words = 'Hello', more: Partial<News> = {}): News => ({
  kind: 'mine',
  conversationId,
  name: conversationId,
  words,
  by: null,
  ...more,
})

describe('news that come in a flood', () => {
  let told: Telling[]
  let now: number
  let timers: { at: number; act: () => void }[]
  let calm: Calm

  beforeEach(() => {
    told = []
    now = 1_000_000
    timers = []
    calm = new Calm((telling) => told.push(telling), {
      now: () => now,
      after: (ms, act) => {
        const timer = { at: now + ms, act }
        timers.push(timer)
        return () => timers.splice(timers.indexOf(timer), 1)
      },
    })
  })

  const pass = (ms: number) => {
    now += ms
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.act()
    }
  }
  const inShortTold = () =>
    told.map(({ conversationId, news, others }) => [conversationId, news.length, others])

  test('the first is told at once', () => {
    calm.hear([news('nora')])
    expect(inShortTold()).toEqual([['nora', 1, 0]])
  })

  test('a hundred within a moment are told in two pieces, by conversation', () => {
    for (let index = 0; index < 100; index++) {
      calm.hear([news(`c${index % 7}`)])
      pass(10)
    }
    expect(told).toHaveLength(1)
    pass(PAUSE_MS)
    // 99 came meanwhile; the last of all was in c1, which got fifteen of them.
    expect(inShortTold()).toEqual([
      ['c0', 1, 0],
      ['c1', 15, 6],
    ])
    pass(10 * PAUSE_MS)
    expect(told).toHaveLength(2)
  })

  test('a steady stream is told every few seconds and no more often', () => {
    for (let second = 0; second < 60; second++) {
      calm.hear([news('nora')])
      pass(1_000)
    }
    expect(told.length).toBeGreaterThan(10)
    expect(told.length).toBeLessThanOrEqual(60_000 / PAUSE_MS + 1)
    expect(told.reduce((sum, telling) => sum + telling.news.length, 0)).toBeGreaterThanOrEqual(56)
  })

  test('after a quiet time the next is told at once again', () => {
    calm.hear([news('nora')])
    pass(PAUSE_MS + 1)
    calm.hear([news('tom')])
    expect(inShortTold()).toEqual([
      ['nora', 1, 0],
      ['tom', 1, 0],
    ])
  })

  test('what was looked at meanwhile is not told, and nothing is told of nothing', () => {
    calm.hear([news('nora')])
    calm.hear([news('tom'), news('yuki')])
    calm.seen('tom')
    pass(PAUSE_MS)
    calm.hear([news('amal')])
    calm.seen('amal')
    pass(PAUSE_MS)
    expect(inShortTold()).toEqual([
      ['nora', 1, 0],
      ['yuki', 1, 0],
    ])
  })

  test('who leaves is told nothing more', () => {
    calm.hear([news('nora')])
    calm.hear([news('tom')])
    calm.drop()
    pass(PAUSE_MS)
    expect(told).toHaveLength(1)
  })
})

describe('what is news', () => {
  const ANA = { id: 'ana', name: 'Ana' }
  const BEN = { id: 'ben', name: 'Ben' }
  // Of an event only what decides is given.
  const added = (message: object, conversation: object = {}, reaction: object | null = null): InboxEvent =>
    ({
      type: 'message.added',
      message: {
        direction: 'in',
        body: 'Hi',
        content: { kind: 'text' },
        agent: null,
        isLate: false,
        targetWamid: null,
        ...message,
      },
      conversation: {
        id: 'c1',
        assignee: null,
        contact: { name: 'Nora', phone: null, username: null },
        ...conversation,
      },
      reaction,
    }) as unknown as InboxEvent
  const kinds = (...events: InboxEvent[]) => newsOf(events, 'ana').map(({ kind }) => kind)
  const note = (mentions: object[], agent = BEN) =>
    added({ direction: 'note', agent, content: { kind: 'note', text: 'Hi', mentions } }, { assignee: BEN })

  test('a customer of mine, and one whom nobody has; a colleague’s is not', () => {
    expect(kinds(added({}, { assignee: ANA }), added({}), added({}, { assignee: BEN }))).toEqual([
      'mine',
      'unassigned',
    ])
  })

  test('a note that mentions me, and no other note', () => {
    expect(kinds(note([ANA]), note([BEN]), note([]), note([ANA], ANA))).toEqual(['mentions'])
    expect(newsOf([note([ANA])], 'ana')).toMatchObject([{ by: 'Ben', name: 'Nora' }])
  })

  test('neither what agents send, nor reactions, edits and what comes days late', () => {
    expect(
      kinds(
        added({ direction: 'out', agent: BEN }, { assignee: ANA }),
        added({}, { assignee: ANA }, { emoji: '👍' }),
        added({ targetWamid: 'w1' }, { assignee: ANA }),
        added({ isLate: true }, { assignee: ANA }),
      ),
    ).toEqual([])
  })

  test('it is said whose it is, what was said, and how many others have some', () => {
    const say = (its: News[], others = 0) => newsInWords({ conversationId: 'c1', news: its, others })
    expect(say([news('Nora', 'Is it there?')])).toEqual({ title: 'Nora', body: 'Is it there?' })
    expect(say([news('Nora', 'One'), news('Nora', 'Two')], 2)).toEqual({
      title: 'Nora: 2 new messages',
      body: 'Two\nAnd 2 other conversations.',
    })
    expect(say([news('Nora', 'Can you?', { by: 'Ben' })], 1)).toEqual({
      title: 'Ben mentioned you: Nora',
      body: 'Can you?\nAnd 1 other conversation.',
    })
    expect(say([news('Nora', '', { words: null })]).body).toContain('without words')
    expect(say([news('Nora', 'x'.repeat(900))]).body.length).toBeLessThan(150)
  })

  test('an icon has room for one digit', () => {
    expect([0, 1, 9, 10, 4000].map(inShort)).toEqual(['', '1', '9', '9+', '9+'])
  })
})

describe('which tab tells', () => {
  type Waiting = { name: string; take: () => Promise<void>; isLeft: boolean }

  /** The locks of one browser: each name is held by one at a time, in the order of asking. */
  function browser() {
    const holding = new Map<string, Waiting>()
    const line: Waiting[] = []
    const next = (name: string) => {
      const waiting = line.find((one) => one.name === name && !one.isLeft)
      if (holding.has(name) || !waiting) return
      line.splice(line.indexOf(waiting), 1)
      holding.set(name, waiting)
      void waiting.take().then(() => {
        holding.delete(name)
        next(name)
      })
    }
    const locks = {
      request: (name: string, { signal }: { signal: AbortSignal }, take: () => Promise<void>) => {
        const waiting = { name, take, isLeft: false }
        signal.addEventListener('abort', () => {
          waiting.isLeft = true
        })
        line.push(waiting)
        next(name)
        return Promise.resolve()
      },
      query: async () => ({ held: [...holding.keys()].map((name) => ({ name })) }),
    }
    return locks as unknown as LockManager
  }

  /** A tab that can be hidden. The page that `tellerOf` asks is the tab that acts. */
  function tab(locks: LockManager, isHidden: boolean) {
    const page = { hidden: isHidden }
    const as = <T>(act: () => T): T => {
      Object.assign(globalThis, { document: page })
      try {
        return act()
      } finally {
        Reflect.deleteProperty(globalThis, 'document')
      }
    }
    const teller = as(() => tellerOf('ana', locks))
    return {
      hide: (hidden: boolean) => {
        page.hidden = hidden
        as(() => teller.looked())
      },
      isTeller: () => teller.isTeller(),
      close: () => teller.stop(),
    }
  }

  const who = async (tabs: { isTeller(): Promise<boolean> }[]) =>
    Promise.all(tabs.map((one) => one.isTeller()))

  test('the visible one tells, and of several hidden ones exactly one', async () => {
    const locks = browser()
    const tabs = [tab(locks, true), tab(locks, true), tab(locks, false)] as const
    expect(await who([...tabs])).toEqual([false, false, true])
    tabs[2].hide(true)
    await Promise.resolve()
    expect(await who([...tabs])).toEqual([true, false, false])
    tabs[1].hide(false)
    expect(await who([...tabs])).toEqual([false, true, false])
  })

  test('of two visible ones one tells, and the other takes over when it is closed', async () => {
    const locks = browser()
    const tabs = [tab(locks, false), tab(locks, false), tab(locks, true)] as const
    expect(await who([...tabs])).toEqual([true, false, false])
    tabs[0].close()
    await Promise.resolve()
    expect(await who([...tabs])).toEqual([false, true, false])
    tabs[1].close()
    await Promise.resolve()
    expect(await who([...tabs])).toEqual([false, false, true])
  })
})
