import type { Phone } from '../thread.ts'
import { byId, element, keep } from './element.ts'
import { hueOf, initialsOf, spacedNumber, timeOf } from './words.ts'

/** Draws the list of customers; a phone is a link, so the browser's back button leads here. */
export function drawPhones(phones: readonly Phone[], selected: string | undefined): void {
  const list = byId('phones', HTMLUListElement)
  const keyOf = (phone: Phone) => JSON.stringify([phone, phone.number === selected])
  const focused =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset.number : undefined
  keep(list, phones, keyOf, (phone) => row(phone, phone.number === selected))
  if (focused) list.querySelector<HTMLElement>(`[data-number="${focused}"]`)?.focus()
}

/** A round picture of a person's initials. */
export function avatar(name: string, number: string): HTMLElement {
  const picture = element('span', { className: 'avatar', textContent: initialsOf(name) })
  picture.style.background = hueOf(number)
  picture.setAttribute('aria-hidden', 'true')
  return picture
}

function row(phone: Phone, isSelected: boolean): HTMLElement {
  const link = element(
    'a',
    { href: `#${phone.number}`, className: 'person' },
    avatar(phone.name, phone.number),
    element(
      'span',
      { className: 'who' },
      element('strong', { textContent: phone.name, dir: 'auto' }),
      element('span', {
        className: phone.lastLine === undefined ? 'line number' : 'line',
        textContent: phone.lastLine ?? spacedNumber(phone.number),
        dir: 'auto',
      }),
    ),
    element(
      'span',
      { className: 'when' },
      phone.lastAt === undefined ? undefined : element('time', { textContent: timeOf(phone.lastAt) }),
      phone.isUnread ? element('span', { className: 'dot', title: 'New message' }) : undefined,
      phone.isUnread ? element('span', { className: 'unseen', textContent: 'New message' }) : undefined,
    ),
  )
  link.dataset.number = phone.number
  if (isSelected) link.setAttribute('aria-current', 'true')
  return element('li', {}, link)
}
