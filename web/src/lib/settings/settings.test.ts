import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pageTitle } from '../inbox/pages.ts'
import type { Session } from '../inbox/session.svelte.ts'
import { choicesIn, DEFAULT_CHOICES } from '../preferenceChoices.ts'
import { sections, sectionsFor } from './sections.ts'

const ROUTES = join(import.meta.dir, '../../routes/(inbox)/settings')
// What a section asks of somebody.
const me = (...may: string[]) =>
  ({ may: Object.fromEntries(may.map((permission) => [permission, true])) }) as unknown as Session['me']

describe('the settings', () => {
  test('every line of the list leads to a page of its own', () => {
    const paths = sections().map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    for (const path of paths)
      expect([path, existsSync(join(ROUTES, path, '+page.svelte'))]).toEqual([path, true])
  })

  test('the lines of one group stand together', () => {
    const groups = sections().map(({ group }) => group)
    const changes = groups.filter((group, index) => group !== groups[index - 1])
    expect(new Set(changes).size).toBe(changes.length)
  })

  test('everybody sees what their role allows', () => {
    const paths = sectionsFor(me()).map(({ path }) => path)
    expect(paths).toContain('preferences')
    expect(paths).not.toContain('api-keys')
    expect(sectionsFor(me('apiKeys.manage')).map(({ path }) => path)).toContain('api-keys')
    expect(sectionsFor(me('apiKeys.manage')).map(({ path }) => path)).not.toContain('dead-letters')
  })

  test('a page of the settings has its line as its title, the inbox none', () => {
    expect(pageTitle('/(inbox)/settings/api-keys')).toBe('API keys')
    expect(pageTitle('/(inbox)/settings')).toBe('Settings')
    expect(pageTitle('/(inbox)/not-delivered')).toBe('Not delivered')
    expect(pageTitle('/(inbox)/c/[conversationId]')).toBeNull()
    expect(pageTitle(null)).toBeNull()
  })
})

describe('preferences', () => {
  test('what was kept comes back, field by field, and what cannot be understood is as usual', () => {
    expect(choicesIn(null)).toEqual(DEFAULT_CHOICES)
    expect(choicesIn('dark')).toEqual(DEFAULT_CHOICES)
    const kept = {
      theme: 'dark',
      hasShortcuts: false,
      sound: 'loud',
      notifications: { isOn: true, mine: false },
    }
    expect(choicesIn(kept)).toEqual({
      ...DEFAULT_CHOICES,
      theme: 'dark',
      hasShortcuts: false,
      notifications: { ...DEFAULT_CHOICES.notifications, isOn: true, mine: false },
    })
    expect(choicesIn({ theme: 'pink', sound: 1 })).toEqual(DEFAULT_CHOICES)
  })
})
