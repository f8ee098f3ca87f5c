import type { Selection } from '#lib/list/selection.svelte.ts'

type Listed = { selection: Selection; openId: string | null }

/** `X` picks the row that is pointed at, else the one with the focus, else the open one; Esc lets go of all that was picked. */
export function listKeys({ selection, openId }: Listed, event: KeyboardEvent) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event)) return
  const id = pointedId() ?? openId
  const acts: Record<string, (() => void) | null> = {
    x: id === null ? null : () => selection.toggle(id),
    X: id === null ? null : () => selection.extendTo(id),
    Escape: selection.size === 0 ? null : () => selection.clear(),
  }
  const act = acts[event.key]
  if (!act) return
  event.preventDefault()
  act()
}

const pointedId = () =>
  (
    document.querySelector('[data-index]:focus-within [data-conversation]') ??
    document.querySelector('[data-index]:hover [data-conversation]')
  )?.getAttribute('data-conversation') ?? null

/** In a field where letters are written, or in something that floats above the list. */
const isElsewhere = ({ target }: Event) =>
  target instanceof Element &&
  target.closest('[role=dialog], [role=menu], textarea, [contenteditable], input:not([type=checkbox])') !==
    null
