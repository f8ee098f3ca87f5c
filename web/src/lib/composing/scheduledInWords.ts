import type { ScheduledSnapshot } from '../../../../server/inbox/snapshot.ts'
import { refusalInWords } from '../api/refusalInWords.ts'
import { snippet } from '../inbox/kindLabel.ts'
import { shownAs } from '../inbox/shownAs.ts'
import { untilInWords } from '../inbox/time.ts'
import { isBeyond } from './laterTimes.ts'

export type ScheduledAct = 'now' | 'template' | 'time' | 'edit' | 'cancel'

/** How a scheduled message stands: in words, with what helps first. */
export type ScheduledLine = {
  tone: 'plain' | 'warn' | 'danger'
  words: string
  acts: readonly ScheduledAct[]
}

type About = {
  /** Of the customer. */
  name: string
  closesAt: string | null
  now: number
}

/** What stands in it. `templateName`: of the template that it is, when it is known. */
export function scheduledSnippet({ content }: ScheduledSnapshot, templateName: string | null): string {
  if (content.kind === 'template') return templateName ? `Template “${templateName}”` : 'Template'
  const { shown, body } = shownAs(content, null)
  return snippet({ body, content: shown }).words
}

/** What happens to it, whose turn it is, and what can be done. */
export function scheduledLine(scheduled: ScheduledSnapshot, { name, closesAt, now }: About): ScheduledLine {
  const { state, refusal, content, sendAt } = scheduled
  const canEdit = content.kind === 'text'
  const when = untilInWords(sendAt, now)
  const isClosed = content.kind !== 'template' && isBeyond(now, closesAt)
  if (state === 'sending') return { tone: 'plain', words: 'Going out now', acts: [] }
  if (state === 'refused') {
    const words =
      refusal?.reason === 'WINDOW_CLOSED'
        ? `Not sent: the 24-hour window had closed. Use a template, or send it once ${name} has written again.`
        : `Not sent: ${refusal ? refusalInWords(refusal.reason, refusal.message) : 'WhatsApp did not take it.'}`
    const first: ScheduledAct[] = isClosed ? ['template'] : ['now']
    return {
      tone: 'danger',
      words,
      acts: [...first, 'time', ...(canEdit ? (['edit'] as const) : []), 'cancel'],
    }
  }
  const acts: ScheduledAct[] = [
    ...(isClosed ? [] : (['now'] as const)),
    'time',
    ...(canEdit ? (['edit'] as const) : []),
    'cancel',
  ]
  if (content.kind !== 'template' && isBeyond(Date.parse(sendAt), closesAt))
    return {
      tone: 'warn',
      words: `Goes out ${when}, but the 24-hour window will be closed by then: it is not sent unless ${name} writes before.`,
      acts,
    }
  return { tone: 'plain', words: `Goes out ${when}`, acts }
}
