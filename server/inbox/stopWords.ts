import type { MessageContent } from '../whatsapp/content.ts'

/** Whether all that a customer wrote, or pressed, is one of the words with which they want no more marketing. */
export function isStopWord(content: MessageContent, stopWords: readonly string[]): boolean {
  const text = content.kind === 'text' || content.kind === 'button' ? content.text : null
  // Most messages are longer than any such word: they cost a comparison of numbers.
  if (text === null || text.length > LONGEST_STOP_WORD) return false
  const said = bare(text)
  return stopWords.some((word) => bare(word) === said)
}

export const LONGEST_STOP_WORD = 40

const bare = (text: string) =>
  text
    .trim()
    .replace(/[.!]+$/, '')
    .toLowerCase()
