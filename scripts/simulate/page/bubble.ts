import type { Choice } from '../choices.ts'
import type { ThreadRow } from '../thread.ts'
import { attachment } from './attachment.ts'
import { choiceButtons } from './choiceButtons.ts'
import { element } from './element.ts'
import { icon } from './icons.ts'
import { tools } from './tools.ts'
import { timeOf } from './words.ts'

export interface BubbleActs {
  react(wamid: string, emoji: string): void
  quote(row: ThreadRow): void
  choose(wamid: string, choice: Choice): void
  play(wamid: string): void
}

const progressWords = {
  waiting: 'Waiting for the webhook',
  arrived: 'Reached Baton',
  read: 'Read by the business',
}

/** One message on the phone, with what the customer can do with it. */
export function bubble(row: ThreadRow, acts: BubbleActs): HTMLElement {
  const { content } = row
  const kind = content.media ? `${content.kind} with-media` : content.kind
  const box = element(
    'div',
    { className: `bubble ${kind}` },
    row.quoted ? quote(row.quoted) : undefined,
    content.media ? attachment(content.media) : undefined,
    content.header ? element('strong', { textContent: content.header, dir: 'auto' }) : undefined,
    attachment(content, () => acts.play(row.wamid)),
    content.text && content.kind !== 'location' && content.kind !== 'contact'
      ? element('p', { textContent: content.text, dir: 'auto' })
      : undefined,
    content.footer ? element('small', { textContent: content.footer, dir: 'auto' }) : undefined,
    element('span', { className: 'meta' }, timeOf(row.at), row.progress ? tick(row.progress) : undefined),
    row.reactions.length > 0
      ? element('span', { className: 'reactions', textContent: row.reactions.join('') })
      : undefined,
  )
  return element(
    'li',
    { className: row.author === 'customer' ? 'mine' : 'theirs' },
    element('div', { className: 'with-tools' }, box, tools(row, acts)),
    row.choices.length > 0 ? choiceButtons(row, acts) : undefined,
  )
}

/** What the customer sees while somebody at the business types. */
export function typingBubble(): HTMLElement {
  const box = element('div', { className: 'bubble typing' }, element('i'), element('i'), element('i'))
  box.setAttribute('role', 'img')
  box.setAttribute('aria-label', 'The business is typing')
  return element('li', { className: 'theirs' }, box)
}

function quote(quoted: NonNullable<ThreadRow['quoted']>): HTMLElement {
  const who = quoted.author === 'customer' ? 'You' : 'Linden & Oak'
  return element(
    'blockquote',
    {},
    element('b', { textContent: who }),
    element('span', { textContent: quoted.snippet, dir: 'auto' }),
  )
}

function tick(progress: NonNullable<ThreadRow['progress']>): HTMLElement {
  const mark = element(
    'span',
    { className: `tick ${progress}`, title: progressWords[progress] },
    icon(progress),
  )
  mark.setAttribute('role', 'img')
  mark.setAttribute('aria-label', progressWords[progress])
  return mark
}
