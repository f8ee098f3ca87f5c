import { MediaQuery } from 'svelte/reactivity'

export type ThemeChoice = 'light' | 'dark' | 'system'

/** The key that the script in app.html reads before the first paint. */
const KEY = 'baton:theme'
const CHOICES: readonly string[] = ['light', 'dark', 'system'] satisfies ThemeChoice[]
const isChoice = (value: string | null): value is ThemeChoice => value !== null && CHOICES.includes(value)

/** Light, dark, or as the system has it. */
export class Theme {
  #choice = $state.raw<ThemeChoice>(kept())
  #prefersDark = new MediaQuery('(prefers-color-scheme: dark)')

  get choice(): ThemeChoice {
    return this.#choice
  }

  get isDark(): boolean {
    return this.#choice === 'system' ? this.#prefersDark.current : this.#choice === 'dark'
  }

  choose(choice: string) {
    if (!isChoice(choice)) return
    this.#choice = choice
    try {
      localStorage.setItem(KEY, choice)
    } catch {
      // Without storage the choice lasts as long as the tab.
    }
  }
}

function kept(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY)
    return isChoice(value) ? value : 'system'
  } catch {
    return 'system'
  }
}
