import { bundledItems } from '../live/bundle.ts'

/** Stands between the frames of one bundle. JSON text has no line breaks of its own. */
export const BETWEEN_FRAMES = '\n'

/** What follows the id of the subscription: the same for every socket that is sent the item. */
const rests = new WeakMap<object, string>()

/**
 * A frame as text. An event of the feed goes to every socket in the same words but for the number of the client's own request, so it
 * is turned into text once, however many sockets there are. A bundle becomes as many frames as it holds items.
 */
export function encodeFrame(frame: unknown): string {
  const item = fieldOf(fieldOf(fieldOf(frame, 'result'), 'data'), 'data')
  if (!isObject(item) || fieldOf(item, 'type') !== 'event') return JSON.stringify(frame)
  const id = fieldOf(frame, 'id')
  const jsonrpc = fieldOf(frame, 'jsonrpc')
  const head = `${JSON.stringify({ id, jsonrpc }).slice(0, -1)},`
  const items = bundledItems(item) ?? [item]
  return items.map((one) => head + restOf(one)).join(BETWEEN_FRAMES)
}

function restOf(item: object): string {
  const known = rests.get(item)
  if (known !== undefined) return known
  const seq = fieldOf(item, 'seq')
  const result = { type: 'data', data: { id: seq, data: item }, id: seq }
  const rest = JSON.stringify({ result }).slice(1)
  rests.set(item, rest)
  return rest
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined
}
