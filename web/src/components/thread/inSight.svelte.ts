import { createContext, untrack } from 'svelte'

const [useIsShown, provideIsShown] = createContext<() => boolean>()

export { provideIsShown }

/** Runs, in a part of a message list, when another conversation is opened: the list stays on the page, what it has opened must not. */
export function onAway(act: () => void) {
  const isShown = useIsShown()
  $effect(() => {
    if (!isShown()) untrack(act)
  })
}
