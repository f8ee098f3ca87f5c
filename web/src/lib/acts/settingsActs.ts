import type { Me } from '../inbox/session.svelte.ts'
import { sectionsFor } from '../settings/sections.ts'
import type { Act } from './act.ts'
import { opening } from './opening.ts'

/** The pages of the settings, and what can be chosen without going there. */
export const settingsActs = (me: Me): readonly Act[] => {
  const group = 'Settings'
  return [
    {
      id: 'theme',
      words: 'Change the theme…',
      also: 'dark light system colours',
      group,
      ...opening('theme'),
    },
    {
      id: 'language',
      words: 'Change the language…',
      also: 'English Español Português Deutsch العربية',
      group,
      ...opening('language'),
    },
    {
      id: 'shortcuts-off',
      words: 'Switch single-key shortcuts off',
      group,
      when: ({ preferences }) => preferences.hasShortcuts,
      run: ({ preferences }) => preferences.choose({ hasShortcuts: false }),
    },
    {
      id: 'shortcuts-on',
      words: 'Switch single-key shortcuts on',
      group,
      when: ({ preferences }) => !preferences.hasShortcuts,
      run: ({ preferences }) => preferences.choose({ hasShortcuts: true }),
    },
    {
      id: 'sound-off',
      words: 'Switch the sound off',
      also: 'mute quiet',
      group,
      when: ({ preferences }) => preferences.sound,
      run: ({ preferences }) => preferences.choose({ sound: false }),
    },
    {
      id: 'sound-on',
      words: 'Switch the sound on',
      group,
      when: ({ preferences }) => !preferences.sound,
      run: ({ preferences }) => preferences.choose({ sound: true }),
    },
    ...sectionsFor(me).map(({ path, label, words }) => ({
      id: `settings:${path}`,
      words: label,
      also: `${words} settings`,
      group,
      run: ({ surface }: Parameters<Act['run']>[0]) => surface.go(`/settings/${path}`),
    })),
  ]
}
