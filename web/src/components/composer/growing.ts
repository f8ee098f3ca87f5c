import type { Attachment } from 'svelte/attachments'

/** Keeps a textarea as high as its text; CSS says how high at most. */
export function growing(text: () => string): Attachment<HTMLTextAreaElement> {
  return (element) => {
    text()
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }
}
