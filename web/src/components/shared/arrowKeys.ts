/** Attached to a group of buttons: the first has the focus, up and down walk through them. */
export function arrowKeys(group: HTMLElement) {
  const buttons = () => [...group.querySelectorAll<HTMLElement>('button:not(:disabled)')]
  function onkeydown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const all = buttons()
    const index = all.findIndex((button) => button === document.activeElement)
    all[(index + step + all.length) % all.length]?.focus()
  }
  group.addEventListener('keydown', onkeydown)
  // After the popover has placed itself, so that nothing scrolls.
  const frame = requestAnimationFrame(() => buttons()[0]?.focus({ preventScroll: true }))
  return () => {
    cancelAnimationFrame(frame)
    group.removeEventListener('keydown', onkeydown)
  }
}
