import type { Channel } from '../channel.ts'
import { isUserId, parseNumber, userIdOf } from '../customers.ts'
import type { JsonObject } from '../entry.ts'
import type { World } from '../world.ts'
import { invalid, Refusal } from './refusal.ts'

/** `to` is a phone number, `recipient` a business-scoped user id; `to` wins when both are there. */
export function recipientOf(request: JsonObject, channel: Channel, world: World) {
  const input = typeof request.to === 'string' && request.to !== '' ? request.to : request.recipient
  if (typeof input !== 'string' || input === '') throw invalid('The parameter to is required.')
  const number = isUserId(input) ? numberWithUserId(input, world) : parseNumber(input)
  if (number === undefined)
    throw new Refusal(131009, { details: 'The recipient is not a valid phone number.' })
  if (number === channel.displayNumber) throw new Refusal(131021)
  return { number, input }
}

/** The digits of the recipient, read without judging the request: faults are planned for numbers. */
export function numberIn(request: JsonObject, world: World): string | undefined {
  const { to, recipient } = request
  if (typeof to === 'string' && to !== '') return parseNumber(to)
  return typeof recipient === 'string' ? numberWithUserId(recipient, world) : undefined
}

function numberWithUserId(userId: string, world: World): string | undefined {
  for (const number of world.customers.keys()) if (userIdOf(number) === userId) return number
  return undefined
}
