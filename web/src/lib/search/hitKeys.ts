const HITS = '[data-hit]'

/** Up and down through what was found, from the field and back to it; Esc leaves a hit for the field, and an empty field for the inbox. */
export function hitKeys(event: KeyboardEvent, field: HTMLInputElement | null, out: () => void) {
  const hits = [...document.querySelectorAll<HTMLElement>(HITS)]
  const at = hits.findIndex((hit) => hit === document.activeElement)
  const isInField = document.activeElement === field
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step && (isInField || at !== -1)) {
    event.preventDefault()
    const next = at + step
    if (next < 0) field?.focus()
    else hits[Math.min(next, hits.length - 1)]?.focus()
  } else if (event.key === 'Escape' && at !== -1) {
    event.preventDefault()
    field?.focus()
  } else if (event.key === 'Escape' && isInField && field?.value === '') {
    event.preventDefault()
    out()
  } else if (event.key === 'Enter' && isInField) {
    event.preventDefault()
    hits[0]?.focus()
  }
}
