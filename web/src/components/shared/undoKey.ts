/** `Z`, or Ctrl-Z outside of text: takes back what was done last. In a text field both belong to the text. */
export function undoKey(undo: () => boolean) {
  return (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'z') return
    if (isInText(event.target)) return
    if (undo()) event.preventDefault()
  }
}

const isInText = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input, textarea, select') ||
    target.closest('[role=dialog]') !== null)
