import type { ClassValue } from 'svelte/elements'

/** What the button of a menu has in common before and after its menu is there. `data-act`: by this word the keys find it. */
export type MenuButton = { class: ClassValue; 'aria-label'?: string; title?: string; 'data-act'?: string }
