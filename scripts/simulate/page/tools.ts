import type { ThreadRow } from '../thread.ts'
import type { BubbleActs } from './bubble.ts'
import { element } from './element.ts'
import { icon } from './icons.ts'

const emojis = ['👍', '❤️', '😂', '😮', '🙏']

/** What stands beside a bubble: quote it, and react to what the business said. */
export function tools(row: ThreadRow, acts: BubbleActs): HTMLElement {
  const reply = element(
    'button',
    { type: 'button', title: 'Quote in a reply', onclick: () => acts.quote(row) },
    icon('reply'),
  )
  reply.setAttribute('aria-label', 'Quote in a reply')
  const bar = element('div', { className: 'tools' }, reply)
  if (row.author === 'business') bar.prepend(...reactions(row, acts))
  return bar
}

function reactions(row: ThreadRow, acts: BubbleActs): HTMLElement[] {
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
  return [react, menu]
}
