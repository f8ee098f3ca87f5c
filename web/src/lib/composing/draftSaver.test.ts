import { describe, expect, test } from 'bun:test'
import { eventually } from '../../../../server/testing/eventually.ts'
import { type Draft, NO_DRAFT } from './draftMerge.ts'
import { DraftSaver, draftKey, draftPlace } from './draftSaver.ts'

const AT_ONCE = { restMs: 1, againMs: 2 }
const PLACE = { conversationId: 'nora', kind: 'reply' } as const

/** One device with one draft, and a server that answers when it is told to. */
function device() {
  const state = { draft: NO_DRAFT as Draft, isAway: false, refuses: false, asked: 0, offered: [] as string[] }
  const saved: { body: string; version: number }[] = []
  const held = Promise.withResolvers<void>()
  let isHeld = false
  const saver = new DraftSaver(
    {
      async save({ body, version }) {
        state.asked += 1
        if (state.isAway) throw new Error('away')
        if (state.refuses) throw new Error('no')
        saved.push({ body, version })
        if (isHeld) await held.promise
        const before = saved.at(-2)
        const isUnseen = before && before.body !== body && version < saved.length - 1
        return { draft: { version: saved.length }, replaced: isUnseen ? before : null }
      },
      isPassing: () => state.isAway,
      draft: () => state.draft,
      keep: (_, draft) => {
        state.draft = draft
      },
      replaced: (_, words) => state.offered.push(words),
    },
    AT_ONCE,
  )
  const type = (text: string) => {
    state.draft = { ...state.draft, text, isSaved: false }
    saver.soon(PLACE)
  }
  const elsewhere = (body: string) => saved.push({ body, version: saved.length })
  return {
    state,
    saved,
    saver,
    type,
    elsewhere,
    hold: () => {
      isHeld = true
    },
    release: () => {
      isHeld = false
      held.resolve()
    },
  }
}

describe('bringing a draft to the server', () => {
  test('it is saved when typing rests, and knows then from which version it goes on', async () => {
    const { state, saved, type } = device()
    type('D')
    type('Dear')
    await eventually(() => state.draft.isSaved)
    expect(saved).toEqual([{ body: 'Dear', version: 0 }])
    expect(state.draft).toMatchObject({ text: 'Dear', version: 1 })
    type('Dear Nora')
    await eventually(() => state.draft.isSaved)
    expect(saved.at(-1)).toEqual({ body: 'Dear Nora', version: 1 })
  })

  test('what is typed while a save is under way goes with the next, not beside it', async () => {
    const { state, saved, type, saver, hold, release } = device()
    hold()
    type('Dear')
    await eventually(() => saver.isSaving(PLACE) && saved.length === 1)
    type('Dear Nora')
    const both = saver.save(PLACE)
    expect(saved.length).toBe(1)
    release()
    await both
    expect(saved).toEqual([
      { body: 'Dear', version: 0 },
      { body: 'Dear Nora', version: 1 },
    ])
    expect(state.draft.isSaved).toBe(true)
  })

  test('offline it waits, and goes out by itself on return', async () => {
    const { state, saved, type } = device()
    state.isAway = true
    type('Dear')
    await eventually(() => state.asked > 2)
    expect(saved).toEqual([])
    expect(state.draft.isSaved).toBe(false)
    state.isAway = false
    await eventually(() => state.draft.isSaved)
    expect(saved).toEqual([{ body: 'Dear', version: 0 }])
  })

  test('what another device had saved meanwhile is told, not lost', async () => {
    const { state, type, elsewhere } = device()
    elsewhere('From the phone')
    type('From the desk')
    await eventually(() => state.draft.isSaved)
    expect(state.offered).toEqual(['From the phone'])
  })

  test('what the server refuses is asked for once and stays', async () => {
    const { state, type, saver } = device()
    state.refuses = true
    type('Dear')
    await eventually(() => state.asked === 1)
    await saver.save(PLACE)
    expect(state.asked).toBe(2)
    expect(state.draft).toMatchObject({ text: 'Dear', isSaved: false })
  })

  test('an answer and a note of one conversation are two drafts', () => {
    expect(draftKey({ ...PLACE, kind: 'note' })).not.toBe(draftKey(PLACE))
    expect(draftPlace(draftKey({ ...PLACE, kind: 'note' }))).toEqual({ ...PLACE, kind: 'note' })
  })
})
