import { onMount, tick } from 'svelte'

/** A menu that has just taken the place of the button that asked for it: the new button takes the focus, and it opens. */
export class OpensItself {
  trigger = $state.raw<HTMLElement | null>(null)
  isOpen = $state(false)

  constructor() {
    onMount(async () => {
      await tick()
      this.trigger?.focus({ preventScroll: true })
      this.isOpen = true
    })
  }
}
