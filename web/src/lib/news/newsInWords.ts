import type { Telling } from './calm.ts'
import type { News } from './newsOf.ts'

const LONGEST = 140

/** What the notification says: whose it is, and what was said. */
export function newsInWords({ news, others }: Telling): { title: string; body: string } {
  const last = news.at(-1)
  if (!last) return { title: '', body: '' }
  return {
    title: titleOf(last, news.length),
    body: [wordsOf(last), othersInWords(others)].filter(Boolean).join('\n'),
  }
}

function titleOf({ name, by }: News, count: number): string {
  if (by !== null) return `${by} mentioned you: ${name}`
  return count === 1 ? name : `${name}: ${count} new messages`
}

function wordsOf({ words }: News): string {
  const text = words?.trim()
  if (!text) return 'Something without words: a picture, a voice note or a file.'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function othersInWords(others: number): string {
  if (others === 0) return ''
  return others === 1 ? 'And 1 other conversation.' : `And ${others} other conversations.`
}
