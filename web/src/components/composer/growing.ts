import type { Attachment } from 'svelte/attachments'

/** Keeps a textarea as high as its text, where the browser does not by itself (`field-sizing`); CSS says how high at most. */
export function growing(text: () => string): Attachment<HTMLTextAreaElement> {
  return (element) => {
    if (CSS.supports('field-sizing', 'content')) return
    text()
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }
}
