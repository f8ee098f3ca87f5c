import type { Act } from './act.ts'
import type { PaletteList } from './surface.svelte.ts'

/** Of an act that asks for one thing: it opens a list of the palette. */
export function opening(list: PaletteList): Pick<Act, 'opens' | 'run'> {
  return { opens: list, run: ({ surface }) => surface.open(list) }
}

/** The same, but a key opens the menu of the open conversation, or of the selected ones, where the page has one: it stands nearer, and can do more. */
export function openingMenu(list: PaletteList, act: string): Pick<Act, 'opens' | 'run'> {
  const menu = `[data-act=${act}]`
  return {
    opens: list,
    run: ({ surface, inbox }, ids) => {
      const isOpenOne = ids.length === 1 && ids[0] === inbox.openId
      const hasMenu = isOpenOne || inbox.list.selection.size > 0
      if (hasMenu && surface.isThere(menu)) surface.press(menu)
      else surface.open(list)
    },
  }
}
