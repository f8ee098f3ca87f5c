import type { Json, JsonObject } from '../entry.ts'
import { objectsOf } from '../json.ts'
import { putIn } from './fillText.ts'
import { Refusal } from './refusal.ts'

/** A button as the customer sees it. Only a reply comes back to the business. */
export type FilledButton = {
  id: string
  title: string
  kind: 'reply' | 'url' | 'phone' | 'code'
  /** Where it leads, whom it calls, or what it copies. */
  value?: string
}

/** The buttons of a template with what the business gave for each; an index counts all buttons, of every type. */
export function fillButtons(component: JsonObject, given: JsonObject[]): FilledButton[] {
  const buttons = objectsOf(component.buttons)
  const own = given.filter((one) => String(one.type).toLowerCase() === 'button')
  for (const one of own) checkIndex(one, buttons)
  return buttons.map((button, index) => {
    const parameters = objectsOf(own.find((one) => Number(one.index) === index)?.parameters)
    return fillButton(button, index, parameters)
  })
}

function fillButton(button: JsonObject, index: number, parameters: JsonObject[]): FilledButton {
  const title = String(button.text)
  const [first] = parameters
  if (button.type === 'URL') {
    const url = String(button.url)
    if (url.includes('{{') && parameters.length === 0) throw needsParameter(index, 'Url')
    return { id: title, title, kind: 'url', value: putIn(`button ${index}`, url, parameters) }
  }
  if (button.type === 'PHONE_NUMBER')
    return { id: title, title, kind: 'phone', ...leadsTo(button.phone_number) }
  if (button.type === 'COPY_CODE') {
    if (typeof first?.coupon_code !== 'string') throw needsParameter(index, 'CopyCode')
    return { id: title, title, kind: 'code', value: first.coupon_code }
  }
  const { payload } = first ?? {}
  return { id: typeof payload === 'string' ? payload : title, title, kind: 'reply' }
}

const subTypes: Record<string, string> = { QUICK_REPLY: 'quick_reply', URL: 'url', COPY_CODE: 'copy_code' }

function checkIndex(given: JsonObject, buttons: JsonObject[]): void {
  const button = buttons[Number(given.index)]
  const subType = String(given.sub_type).toLowerCase()
  if (button && subTypes[String(button.type)] === subType) return
  throw new Refusal(132012, {
    details: `buttons: there is no button of type ${subType} at index ${String(given.index)}`,
  })
}

function needsParameter(index: number, type: string): Refusal {
  return new Refusal(131008, {
    details: `buttons: Button at index ${index} of type ${type} requires a parameter`,
  })
}

function leadsTo(value: Json | undefined): { value?: string } {
  return typeof value === 'string' ? { value } : {}
}
