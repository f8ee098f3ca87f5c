import type { CustomerAct } from '../act.ts'
import type { Phone } from '../thread.ts'
import { byId, element, keep } from './element.ts'
import { icon } from './icons.ts'
import { avatar } from './phoneList.ts'
import { troublePicker } from './troublePicker.ts'
import { spacedNumber } from './words.ts'

type Setting = { autoRead?: boolean; windowClosed?: boolean }

export interface PanelActs {
  change(number: string, setting: Setting): void
  prefer(number: string, value: 'stop' | 'resume'): void
  write(act: CustomerAct): void
  plan(number: string, trouble: string): void
  setExpired(isExpired: boolean): void
  close(): void
}

/** Draws what stands beside the phone: whose it is, and the switches that a real phone hides. */
export function drawPanel(phone: Phone | undefined, isTokenExpired: boolean, acts: PanelActs): void {
  const shown = phone ? [phone] : []
  const keyOf = ({ number, name, autoRead, windowClosed, isOptedOut, note }: Phone) =>
    JSON.stringify([number, name, autoRead, windowClosed, isOptedOut, note, isTokenExpired])
  const focused = document.activeElement?.id
  keep(byId('panel', HTMLElement), shown, keyOf, (one) => content(one, isTokenExpired, acts))
  if (focused?.startsWith('switch-')) document.getElementById(focused)?.focus()
}

function content(phone: Phone, isTokenExpired: boolean, acts: PanelActs): HTMLElement {
  const { number, autoRead, windowClosed, isOptedOut } = phone
  const close = element('button', {
    type: 'button',
    id: 'close-panel',
    className: 'icon',
    ariaLabel: 'Close',
  })
  close.append(icon('close'))
  close.onclick = () => acts.close()
  return element(
    'div',
    {},
    close,
    element(
      'div',
      { className: 'card' },
      avatar(phone.name, number),
      element('h2', { textContent: phone.name, dir: 'auto' }),
      element('p', { textContent: spacedNumber(number) }),
    ),
    phone.note ? element('p', { className: 'note', textContent: phone.note }) : undefined,
    toggle('auto-read', 'Reads by itself', 'Blue ticks follow delivery by a second or two.', autoRead, (on) =>
      acts.change(number, { autoRead: on }),
    ),
    toggle(
      'window',
      '24-hour window closed',
      'Free text fails with 131047 until this customer writes again.',
      windowClosed,
      (on) => acts.change(number, { windowClosed: on }),
    ),
    toggle(
      'opt-out',
      'Wants no marketing',
      'As set in WhatsApp itself; marketing fails with 131050.',
      isOptedOut,
      (on) => acts.prefer(number, on ? 'stop' : 'resume'),
    ),
    element(
      'div',
      { className: 'deeds' },
      deed('Write “STOP”', () => acts.write({ type: 'text', text: 'STOP' })),
      deed('Come by an ad', () => acts.write({ type: 'ad' })),
      deed('Send a poll', () => acts.write({ type: 'unsupported' })),
    ),
    element('h3', { textContent: 'Behind the scenes' }),
    troublePicker((trouble) => acts.plan(number, trouble)),
    toggle(
      'token',
      'Access token expired',
      'Everything that Baton asks is refused with 190.',
      isTokenExpired,
      (on) => acts.setExpired(on),
    ),
  )
}

function deed(words: string, act: () => void): HTMLElement {
  return element('button', { type: 'button', className: 'quiet', textContent: words, onclick: act })
}

function toggle(
  id: string,
  title: string,
  hint: string,
  isOn: boolean,
  change: (on: boolean) => void,
): HTMLElement {
  const input = element('input', { type: 'checkbox', id: `switch-${id}`, checked: isOn })
  input.setAttribute('role', 'switch')
  input.setAttribute('aria-describedby', `hint-${id}`)
  input.onchange = () => change(input.checked)
  return element(
    'label',
    { className: 'toggle' },
    element('span', {}, title, element('small', { id: `hint-${id}`, textContent: hint })),
    input,
  )
}
