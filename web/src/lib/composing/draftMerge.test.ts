import { describe, expect, test } from 'bun:test'
import { afterSave, type Draft, mergeDraft, NO_DRAFT } from './draftMerge.ts'

const here = (text: string, more: Partial<Draft> = {}): Draft => ({
  text,
  quotedMessageId: null,
  version: 3,
  isSaved: true,
  ...more,
})
const there = (body: string, version: number) => ({ body, quotedMessageId: null, version })

describe('a draft on two devices', () => {
  test('what the other device wrote appears here', () => {
    expect(mergeDraft(NO_DRAFT, there('Dear Nora', 1)).draft).toEqual(here('Dear Nora', { version: 1 }))
    expect(mergeDraft(here('Dear'), there('Dear Nora', 4))).toEqual({
      draft: here('Dear Nora', { version: 4 }),
      replaced: null,
    })
  })

  test('what was sent from the other device is gone here too', () => {
    expect(mergeDraft(here('Dear Nora'), there('', 4)).draft.text).toBe('')
  })

  test('what was typed here and is not saved yet stays, and the other device’s words are offered', () => {
    const typed = here('Hello', { isSaved: false })
    expect(mergeDraft(typed, there('Dear Nora', 5))).toEqual({
      draft: { ...typed, version: 5 },
      replaced: 'Dear Nora',
    })
  })

  test('nothing is offered when the other device has the same words, or none any more', () => {
    const typed = here('Hello', { isSaved: false })
    expect(mergeDraft(typed, there('Hello', 5))).toEqual({
      draft: here('Hello', { version: 5 }),
      replaced: null,
    })
    expect(mergeDraft(typed, there('', 5))).toEqual({ draft: { ...typed, version: 5 }, replaced: null })
  })

  test('an answer that was asked for before the last save changes nothing', () => {
    expect(mergeDraft(here(''), there('Dear Nora', 2))).toEqual({ draft: here(''), replaced: null })
  })

  test('what is typed while a save is under way is saved after it', () => {
    const saved = here('Hello', { isSaved: false })
    expect(afterSave(saved, saved, 4)).toEqual(here('Hello', { version: 4 }))
    expect(afterSave({ ...saved, text: 'Hello N' }, saved, 4)).toEqual(
      here('Hello N', { version: 4, isSaved: false }),
    )
  })
})
