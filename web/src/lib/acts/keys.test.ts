import { describe, expect, test } from 'bun:test'
import type { Session } from '../inbox/session.svelte.ts'
import { allActs } from './allActs.ts'
import { actOf, type Scene } from './keyboard.ts'
import { keyCaps } from './keyCaps.ts'
import { keyedActs } from './keyedActs.ts'
import { isCharacter, keyOf } from './keyOf.ts'
import { sheetRows } from './sheetRows.ts'

type Row = { id: string; unreadCount: number; status: string }

const OUTSIDE: Scene = { isWriting: false, isCovered: false, isPressing: false }
const ROWS: Row[] = [
  { id: 'amal', unreadCount: 0, status: 'open' },
  { id: 'nora', unreadCount: 2, status: 'open' },
  { id: 'tom', unreadCount: 0, status: 'resolved' },
  { id: 'yuki', unreadCount: 1, status: 'open' },
]

/** A tab with four conversations, which writes down what was asked of it. */
function tab({
  openId = 'nora' as string | null,
  isAway = false,
  hasShortcuts = true,
  isThere = true,
  selected = 0,
  mayWork = true,
} = {}) {
  const done: string[] = []
  const say = (what: string) => (ids?: unknown, more?: unknown) =>
    void done.push(
      [what, ids, more]
        .filter((part) => part !== undefined)
        .map((part) => JSON.stringify(part))
        .join(' '),
    )
  const parts = {
    me: {
      agent: { id: 'ana' },
      may: { 'conversations.work': mayWork, 'conversations.assign': mayWork },
    },
    preferences: { hasShortcuts },
    inbox: {
      openId,
      rows: ROWS,
      conversation: (id: string) => ROWS.find((row) => row.id === id),
      list: {
        selection: { size: selected, toggle: say('toggle'), extendTo: say('extend'), clear: say('clear') },
      },
    },
    work: { assign: say('assign'), resolve: say('resolve'), reopen: say('reopen') },
    toasts: { shown: [{ undo: () => {} }], undoLast: say('undo') },
    surface: {
      isAway,
      pointedId: () => null,
      isThere: () => isThere,
      press: say('press'),
      go: say('go'),
      open: say('open'),
      showKeys: say('keys'),
    },
  }
  // What acts use of a session, and no more.
  return { session: parts as unknown as Session, done }
}

function press(key: string, given: Parameters<typeof tab>[0] = {}, scene: Partial<Scene> = {}): string[] {
  const { session, done } = tab(given)
  const act = actOf(keyedActs(), key, { ...OUTSIDE, ...scene }, session)
  act?.run(session, session.inbox.openId === null ? [] : [session.inbox.openId])
  return done
}

const struck = (key: string, more: Partial<KeyboardEvent> = {}) =>
  keyOf({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })

describe('keys', () => {
  const DOES: Record<string, string> = {
    j: '"go" "/c/tom"',
    k: '"go" "/c/amal"',
    'Alt ArrowDown': '"go" "/c/yuki"',
    'Alt ArrowUp': '"go" "/c/yuki"',
    Escape: '"go" "/"',
    x: '"toggle" "nora"',
    'Shift x': '"extend" "nora"',
    f: '"press" "[data-act=filter]"',
    a: '"assign" ["nora"] {"assigneeId":"ana"}',
    'Shift a': '"press" "[data-act=assign]"',
    e: '"resolve" ["nora"]',
    s: '"press" "[data-act=snooze]"',
    l: '"press" "[data-act=label]"',
    z: '"undo"',
    'Ctrl z': '"undo"',
    r: '"press" "[data-message]:is(:hover, :focus-within) [data-act=quote]"',
    n: '"press" "[data-act=note]"',
    t: '"press" "[data-act=template]"',
    b: '"press" "[data-take-over]"',
    'Ctrl k': '"open" "all"',
    '/': '"go" "/search"',
    '?': '"keys"',
  }

  for (const [key, does] of Object.entries(DOES))
    test(`${key} does what the sheet says`, () => {
      expect(press(key)).toEqual([does])
    })

  test('Enter opens the first conversation while none is open, and leaves links and buttons alone', () => {
    expect(press('Enter', { openId: null })).toEqual(['"go" "/c/amal"'])
    expect(press('Enter')).toEqual([])
    expect(press('Enter', { openId: null }, { isPressing: true })).toEqual([])
  })

  test('every key of the table was tried', () => {
    const keys = new Set(keyedActs().flatMap(({ key }) => key ?? []))
    expect([...keys].sort()).toEqual([...Object.keys(DOES).filter((key) => key !== 'Ctrl z'), 'Enter'].sort())
  })

  test('Escape lets go of what is selected before it leaves the conversation', () => {
    expect(press('Escape', { selected: 2 })).toEqual(['"clear"'])
  })

  test('who may only read changes nothing by a key', () => {
    for (const key of ['a', 'Shift a', 'e', 's', 'l']) expect(press(key, { mayWork: false })).toEqual([])
    expect(press('j', { mayWork: false })).toHaveLength(1)
  })

  test('E opens again what is resolved', () => {
    expect(press('e', { openId: 'tom' })).toEqual(['"reopen" ["tom"]'])
  })

  test('what concerns a conversation does nothing while none is open', () => {
    for (const key of ['a', 'Shift a', 'e', 's', 'l', 'x', 'Escape'])
      expect(press(key, { openId: null })).toEqual([])
  })

  test('on another page only what is everywhere works', () => {
    for (const key of ['j', 'k', 'x', 'Shift x', 'f', 'Enter', 'Alt ArrowDown', 'Alt ArrowUp'])
      expect(press(key, { openId: null, isAway: true })).toEqual([])
    for (const key of ['/', '?', 'Ctrl k']) expect(press(key, { openId: null, isAway: true })).toHaveLength(1)
  })

  test('while somebody writes, only the palette comes', () => {
    for (const key of Object.keys(DOES).filter((one) => one !== 'Ctrl k'))
      expect([key, ...press(key, {}, { isWriting: true })]).toEqual([key])
    expect(press('Ctrl k', {}, { isWriting: true })).toEqual(['"open" "all"'])
  })

  test('a dialog or a menu keeps all keys to itself', () => {
    for (const key of Object.keys(DOES)) expect(press(key, {}, { isCovered: true })).toEqual([])
  })

  test('with shortcuts switched off no character does anything, and everything else does', () => {
    for (const key of Object.keys(DOES))
      expect([key, press(key, { hasShortcuts: false }).length]).toEqual([key, isCharacter(key) ? 0 : 1])
    expect(Object.keys(DOES).filter((key) => !isCharacter(key))).toEqual([
      'Alt ArrowDown',
      'Alt ArrowUp',
      'Escape',
      'Ctrl z',
      'Ctrl k',
    ])
  })

  test('where the page has no menu for it, the palette asks', () => {
    expect(press('s', { isThere: false })).toEqual(['"open" "snooze"'])
    expect(press('l', { isThere: false })).toEqual(['"open" "labels"'])
    expect(press('Shift a', { isThere: false })).toEqual(['"open" "assign"'])
  })

  test('what the page does not have cannot be pressed', () => {
    for (const key of ['r', 'n', 't', 'b']) expect(press(key, { isThere: false })).toEqual([])
  })

  test('a press is named by what it types, on every keyboard', () => {
    expect(struck('J', { shiftKey: true })).toBe('Shift j')
    expect(struck('J')).toBe('j') // caps lock
    expect(struck('?', { shiftKey: true })).toBe('?')
    expect(struck('/', { shiftKey: true })).toBe('/') // as on a German keyboard
    expect(struck('k', { metaKey: true })).toBe('Ctrl k')
    expect(struck('о', { code: 'KeyJ' })).toBe('j')
    expect(struck('ت', { code: 'KeyJ' })).toBe('j')
    expect(struck('∆', { code: 'KeyJ', altKey: true })).toBe('Alt j')
    expect(struck('ArrowUp', { altKey: true })).toBe('Alt ArrowUp')
  })

  test('keys are written as they are printed', () => {
    expect(keyCaps('Ctrl k', false)).toEqual(['Ctrl', 'K'])
    expect(keyCaps('Ctrl k', true)).toEqual(['⌘', 'K'])
    expect(keyCaps('Alt ArrowUp', false)).toEqual(['Alt', '↑'])
  })

  test('the sheet has every key once, and the keys of the text field', () => {
    const rows = sheetRows(false)
    const caps = rows.map((row) => `${row.group}: ${row.caps.join(' ')}`)
    expect(new Set(caps).size).toBe(caps.length)
    for (const { key } of keyedActs())
      if (key) expect(rows.some((row) => row.caps.join(' ') === keyCaps(key, false).join(' '))).toBe(true)
    expect(rows.find((row) => row.id === 'resolve')?.words).toBe('Resolve / Open again')
    expect(rows.some((row) => row.id === 'new-line')).toBe(true)
  })

  test('no two acts have one name', () => {
    const me = { may: {} } as unknown as Session['me']
    const ids = allActs(me).map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(keyedActs().length)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
