import { expect, test } from 'bun:test'
import { forgetAgent } from './forgetAgent.ts'

function storageOf(entries: Record<string, string>): Storage {
  const held = new Map(Object.entries(entries))
  return {
    get length() {
      return held.size
    },
    key: (index) => [...held.keys()][index] ?? null,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
    clear: () => held.clear(),
  }
}

test('who signs out leaves nothing of theirs, and takes nothing of a colleague or of the device along', () => {
  const storage = storageOf({
    'baton:me': '{}',
    'baton:drafts:ana-1': '{}',
    'baton:views:ana-1': '[]',
    'baton:drafts:ben-2': '{}',
    'baton:theme': 'dark',
  })
  forgetAgent('ana-1', [storage])
  expect(Array.from({ length: storage.length }, (_, index) => storage.key(index))).toEqual([
    'baton:drafts:ben-2',
    'baton:theme',
  ])
})
