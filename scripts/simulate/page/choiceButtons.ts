import type { Choice } from '../choices.ts'
import type { ThreadRow } from '../thread.ts'
import type { BubbleActs } from './bubble.ts'
import { element } from './element.ts'
import { type IconName, icon } from './icons.ts'

/** What can be tapped under a message: buttons at once, the rows of a list behind their own button. */
export function choiceButtons(row: ThreadRow, acts: BubbleActs): HTMLElement {
  const isList = row.choices.some((choice) => choice.kind === 'list_reply')
  const tap = (choice: Choice) => acts.choose(row.wamid, choice)
  const box = element('div', { className: 'choices' })
  if (isList) box.append(rowsBehind(row.content.listButton ?? 'Choose', row.choices, tap))
  else box.append(...row.choices.map((choice) => one(choice, tap)))
  return box
}

const icons: Partial<Record<Choice['kind'], IconName>> = {
  template: 'reply',
  button_reply: 'reply',
  location: 'place',
  url: 'link',
  phone: 'phone',
  code: 'copy',
}

function one(choice: Choice, tap: (choice: Choice) => void): HTMLElement {
  const { kind, title, value = '' } = choice
  const name = icons[kind]
  const label = element('span', { textContent: title, dir: 'auto' })
  const parts = [name ? icon(name) : undefined, label]
  if (kind === 'url' || kind === 'phone') return leadingTo(kind === 'url' ? value : `tel:${value}`, parts)
  const button = element('button', { type: 'button' }, ...parts)
  button.onclick = () => {
    if (kind !== 'code') return tap(choice)
    void navigator.clipboard.writeText(value)
    label.textContent = `Copied ${value}`
  }
  return button
}

/** Opens beside the phone. Nothing but web pages and numbers: the business chose the address. */
function leadingTo(href: string, parts: (Node | undefined)[]): HTMLElement {
  const isSafe = /^(https?|tel):/.test(href)
  return element(
    'a',
    { ...(isSafe ? { href } : {}), target: '_blank', rel: 'noreferrer', title: href },
    ...parts,
  )
}

function rowsBehind(label: string, choices: Choice[], tap: (choice: Choice) => void): HTMLElement {
  const sheet = element('details', {}, element('summary', {}, icon('list'), label))
  sheet.ontoggle = () => sheet.scrollIntoView({ block: 'nearest' })
  let section: string | undefined
  for (const choice of choices) {
    if (choice.section !== section && choice.section)
      sheet.append(element('h3', { textContent: choice.section }))
    section = choice.section
    const button = element(
      'button',
      { type: 'button', className: 'row-choice' },
      element('span', { textContent: choice.title, dir: 'auto' }),
      choice.description ? element('small', { textContent: choice.description, dir: 'auto' }) : undefined,
    )
    button.onclick = () => {
      sheet.open = false
      tap(choice)
    }
    sheet.append(button)
  }
  return sheet
}
