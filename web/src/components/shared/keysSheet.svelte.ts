import { createContext } from 'svelte'

/** Whether the list of keys is open; the layout draws it, a menu and a key open it. */
export class KeysSheetState {
  isOpen = $state(false)

  show() {
    this.isOpen = true
  }
}

export const [useKeysSheet, provideKeysSheet] = createContext<KeysSheetState>()
