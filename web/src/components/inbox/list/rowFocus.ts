import { tick } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { RowWindow } from './rowWindow.svelte.ts'

const rowOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
const linkOf = (list: HTMLElement, index: number) =>
  list.querySelector<HTMLElement>(`[data-index="${index}"] [data-conversation]`)

/** Arrow keys, Home and End go from row to row, also to rows that were not drawn yet. */
export function rowFocus(rowCount: () => number, shown: RowWindow): Attachment<HTMLElement> {
  const steps: Record<string, (index: number) => number> = {
    ArrowDown: (index) => index + 1,
    ArrowUp: (index) => index - 1,
    Home: () => 0,
    End: () => rowCount() - 1,
  }
  return (list) => {
    const onkeydown = async (event: KeyboardEvent) => {
      const step = steps[event.key]
      const row = rowOf(event.target)
      if (!step || !row || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      const index = Math.max(0, Math.min(rowCount() - 1, step(Number(row.dataset.index))))
      shown.reveal(index)
      await tick()
      linkOf(list, index)?.focus({ preventScroll: true })
    }
    list.addEventListener('keydown', onkeydown)
    return () => list.removeEventListener('keydown', onkeydown)
  }
}
