/**
 * Puts words into a text field in place of what stands between two positions, with the caret behind them, as if they had been
 * typed: the browser's own undo takes them back. `execCommand` is the only way that knows undo; where it does nothing, the field
 * is written by hand.
 */
export function replaceInField(field: HTMLTextAreaElement, start: number, end: number, words: string) {
  field.focus()
  field.setSelectionRange(start, end)
  const isDone = words === '' || document.execCommand('insertText', false, words)
  if (isDone && words !== '') return
  field.setRangeText(words, start, end, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

/** At the caret, in place of what is selected. */
export function typeIntoField(field: HTMLTextAreaElement, words: string) {
  replaceInField(field, field.selectionStart, field.selectionEnd, words)
}
