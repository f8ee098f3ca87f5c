import { MediaQuery } from 'svelte/reactivity'
import { type Choices, choicesIn, type NotificationChoices, type ThemeChoice } from './preferenceChoices.ts'

const KEY = 'baton:preferences'
/** Of its own, because the script in app.html reads it before the first paint. */
const THEME_KEY = 'baton:theme'

/**
 * What somebody likes on this device, whoever is signed in: it stays when they sign out. The other tabs of the browser
 * follow (`heard`).
 */
export class Preferences {
  #choices = $state.raw<Choices>(kept())
  #prefersDark = new MediaQuery('(prefers-color-scheme: dark)')

  get theme(): ThemeChoice {
    return this.#choices.theme
  }

  /** What the theme comes to now. */
  get isDark(): boolean {
    return this.theme === 'system' ? this.#prefersDark.current : this.theme === 'dark'
  }

  get hasShortcuts(): boolean {
    return this.#choices.hasShortcuts
  }

  get notifications(): NotificationChoices {
    return this.#choices.notifications
  }

  get sound(): boolean {
    return this.#choices.sound
  }

  choose(part: Partial<Choices>) {
    this.#choices = { ...this.#choices, ...part }
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#choices))
      localStorage.setItem(THEME_KEY, this.#choices.theme)
    } catch {
      // Without storage the choice lasts as long as the tab.
    }
  }

  /** Another tab has chosen. */
  heard({ key }: Pick<StorageEvent, 'key'>) {
    if (key === KEY || key === null) this.#choices = kept()
  }
}

function kept(): Choices {
  try {
    const choices: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    // Before there were preferences, the theme was kept alone.
    const theme = localStorage.getItem(THEME_KEY)
    return choicesIn({ ...(theme && { theme }), ...(typeof choices === 'object' ? choices : {}) })
  } catch {
    return choicesIn(null)
  }
}
