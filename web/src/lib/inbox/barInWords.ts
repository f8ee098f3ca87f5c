import type { OfferedDraft } from './offeredDrafts.svelte.ts'
import type { Bar } from './replying.svelte.ts'

/** What a screen reader says of the bar on top of the composer: whose turn it is and what can be done, without the seconds. */
export function barInWords(bar: Bar, offered: OfferedDraft | null): string {
  const offer = offered ? `${offered.from.name} left you a draft. Insert or dismiss it.` : ''
  return [wordsOf(bar), offer].filter((words) => words !== '').join(' ')
}

function wordsOf(bar: Bar): string {
  switch (bar?.is) {
    case 'guard':
      return `${bar.refused.message} Your message was not sent. Send it anyway, or press Escape to edit it.`
    case 'taken':
      return `${bar.by.name} took over this conversation. Your draft is kept.`
    case 'theirs':
      return `Reply locked by ${bar.lock.holder.name}. You can take over.`
    case 'mine':
      return 'You have the baton.'
    default:
      return ''
  }
}
