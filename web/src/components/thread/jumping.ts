/** How far down in the view a message stands that was jumped to, and the line of what is new. */
export const JUMP_SHARE = 0.3
export const NEW_LINE_SHARE = 0.04

/** Shows which message it is that was jumped to; to a screen reader, by going on from there. */
export function flash(row: HTMLElement | null) {
  const message = row?.querySelector<HTMLElement>('[data-message]')
  if (!row || !message) return
  message.focus({ preventScroll: true })
  row.removeAttribute('data-flash')
  // Read so that the animation begins anew.
  void row.offsetWidth
  row.setAttribute('data-flash', '')
  row.addEventListener('animationend', () => row.removeAttribute('data-flash'), { once: true })
}
