import type { Choice } from '../choices.ts'
import type { ThreadRow } from '../thread.ts'
import { element } from './element.ts'
import { icon } from './icons.ts'
import { timeOf } from './words.ts'

export interface BubbleActs {
  react(wamid: string, emoji: string): void
  quote(row: ThreadRow): void
  choose(wamid: string, choice: Choice): void
  play(wamid: string): void
}

const emojis = ['👍', '❤️', '😂', '😮', '🙏']
const progressWords = {
  waiting: 'Waiting for the webhook',
  arrived: 'Reached Baton',
  read: 'Read by the business',
}

/** One message on the phone, with what the customer can do with it. */
export function bubble(row: ThreadRow, acts: BubbleActs): HTMLElement {
  const isMine = row.author === 'customer'
  const { content } = row
  const box = element(
    'div',
    { className: `bubble ${content.kind}` },
    row.quoted ? quote(row.quoted) : undefined,
    content.header ? element('strong', { textContent: content.header, dir: 'auto' }) : undefined,
    attachment(row, acts),
    content.text && content.kind !== 'location'
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
    { className: isMine ? 'mine' : 'theirs' },
    element('div', { className: 'with-tools' }, box, tools(row, acts)),
    row.choices.length > 0 ? choices(row, acts) : undefined,
  )
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

function attachment(row: ThreadRow, acts: BubbleActs): HTMLElement | undefined {
  const { kind, source, fileName, text } = row.content
  if (kind === 'image' || kind === 'sticker')
    return element('img', { src: source ?? '', alt: text ?? 'Photo' })
  if (kind === 'video') return element('video', { src: source ?? '', controls: true, preload: 'metadata' })
  if (kind === 'audio') {
    const onplay = () => acts.play(row.wamid)
    return element('audio', { src: source ?? '', controls: true, preload: 'metadata', onplay })
  }
  if (kind === 'document') {
    return element(
      'a',
      { className: 'file', href: source ?? '', download: fileName ?? '' },
      icon('file'),
      fileName ?? 'Document',
    )
  }
  if (kind === 'location') {
    const [name, ...rest] = (text ?? '').split('\n')
    const address = rest.join(' ') || fileName || ''
    return element(
      'div',
      { className: 'place' },
      element('div', { className: 'map' }, icon('place')),
      element('b', { textContent: name || 'Location' }),
      element('span', { textContent: address }),
    )
  }
  return kind === 'contact' ? element('div', { className: 'file' }, icon('person')) : undefined
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

function tools(row: ThreadRow, acts: BubbleActs): HTMLElement {
  const reply = element(
    'button',
    { type: 'button', title: 'Quote in a reply', onclick: () => acts.quote(row) },
    icon('reply'),
  )
  reply.setAttribute('aria-label', 'Quote in a reply')
  const bar = element('div', { className: 'tools' }, reply)
  if (row.author === 'customer') return bar
  const menu = element('div', { className: 'emojis', hidden: true })
  for (const emoji of emojis) {
    const isMine = row.reactions.includes(emoji)
    menu.append(
      element('button', {
        type: 'button',
        textContent: emoji,
        className: isMine ? 'given' : '',
        ariaLabel: isMine ? `Take back ${emoji}` : `React with ${emoji}`,
        onclick: () => acts.react(row.wamid, isMine ? '' : emoji),
      }),
    )
  }
  const react = element('button', {
    type: 'button',
    title: 'React',
    ariaLabel: 'React',
    ariaExpanded: 'false',
  })
  react.append(icon('smile'))
  react.onclick = () => {
    menu.hidden = !menu.hidden
    react.ariaExpanded = String(!menu.hidden)
    if (!menu.hidden) menu.querySelector('button')?.focus()
  }
  menu.onkeydown = (event) => {
    if (event.key !== 'Escape') return
    menu.hidden = true
    react.focus()
  }
  bar.prepend(react, menu)
  return bar
}

function choices(row: ThreadRow, acts: BubbleActs): HTMLElement {
  const list = element('div', { className: 'choices' })
  for (const choice of row.choices) {
    const button = element('button', { type: 'button', onclick: () => acts.choose(row.wamid, choice) })
    button.append(element('span', { textContent: choice.title, dir: 'auto' }))
    if (choice.description) button.append(element('small', { textContent: choice.description, dir: 'auto' }))
    list.append(button)
  }
  return list
}
