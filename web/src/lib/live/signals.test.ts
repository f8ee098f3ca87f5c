import { describe, expect, test } from 'bun:test'
import type { InboxEvent } from '../../../../server/inbox/event.ts'
import { Attendance, IDLE_MS, JOIN_MS, type Whereabouts } from './attendance.ts'
import { Sight } from './sight.ts'
import { SAY_AGAIN_MS, TypingSignal } from './typingSignal.ts'

describe('the signal that somebody types', () => {
  test('it is said with the first key, then only every few seconds, and its end at once', () => {
    const said: [string, boolean][] = []
    let now = 0
    const signal = new TypingSignal(
      (conversationId, isTyping) => said.push([conversationId, isTyping]),
      () => now,
    )
    for (; now <= SAY_AGAIN_MS; now += 100) signal.key('nora')
    signal.end()
    signal.end()
    expect(said).toEqual([
      ['nora', true],
      ['nora', true],
      ['nora', false],
    ])
  })

  test('in another conversation the first one ends', () => {
    const said: string[] = []
    const signal = new TypingSignal(
      (conversationId, isTyping) => said.push(`${conversationId} ${isTyping}`),
      () => 0,
    )
    signal.key('nora')
    signal.key('omar')
    expect(said).toEqual(['nora true', 'nora false', 'omar true'])
  })
})

describe('where a tab says that it is', () => {
  function tab() {
    const said: Whereabouts[] = []
    const world = { nowMs: 0, hidden: false, tick: () => {} }
    const attendance = new Attendance((whereabouts) => said.push(whereabouts), {
      now: () => world.nowMs,
      isHidden: () => world.hidden,
      every: (ms, act) => {
        expect(ms).toBe(JOIN_MS)
        world.tick = act
        return () => {}
      },
    })
    attendance.start()
    return { attendance, world, said }
  }

  test('a conversation is named at once, and once', () => {
    const { attendance, said } = tab()
    attendance.shows('nora')
    attendance.shows('nora')
    expect(said).toEqual([{ conversationId: 'nora', isAway: false }])
  })

  test('who hides the page or leaves it alone is away, and back with the first touch', () => {
    const { attendance, world, said } = tab()
    world.hidden = true
    attendance.looked()
    world.hidden = false
    attendance.looked()
    world.nowMs = IDLE_MS
    world.tick()
    attendance.isActive()
    attendance.isActive()
    expect(said.map(({ isAway }) => isAway)).toEqual([true, false, true, false])
  })

  test('a page that goes says nothing more, until the browser brings it back', () => {
    const { attendance, world, said } = tab()
    attendance.goes()
    world.hidden = true
    attendance.looked()
    expect(said).toEqual([])
    world.hidden = false
    attendance.comesBack()
    expect(said).toEqual([{ conversationId: null, isAway: false }])
  })
})

describe('what counts as seen', () => {
  const fromBen = {
    type: 'message.added',
    message: { conversationId: 'nora', direction: 'out', agent: { id: 'ben', name: 'Ben' } },
  } as InboxEvent

  function page() {
    const world = { cursor: '7', hidden: false, noticed: () => {} }
    const sight = new Sight('ana', () => world.cursor, {
      isHidden: () => world.hidden,
      after: (_, act) => {
        world.noticed = act
        return () => {
          world.noticed = () => {}
        }
      },
    })
    sight.opened('nora')
    return { sight, world }
  }

  test('a colleague’s answer counts after a moment in view, not when it arrives', () => {
    const { sight, world } = page()
    sight.arrives([fromBen])
    world.cursor = '8'
    expect(sight.seenTo('nora')).toBe('7')
    expect(sight.seenTo('omar')).toBe('8')
    world.noticed()
    expect(sight.seenTo('nora')).toBe('8')
  })

  test('on a hidden page nothing is seen until it is shown', () => {
    const { sight, world } = page()
    world.hidden = true
    sight.arrives([fromBen])
    world.cursor = '8'
    world.noticed()
    expect(sight.seenTo('nora')).toBe('7')
    world.hidden = false
    sight.looked()
    world.noticed()
    expect(sight.seenTo('nora')).toBe('8')
  })
})
