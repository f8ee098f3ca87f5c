/**
 * Where a message stands in its thread: WhatsApp's timestamp, then the stream id that brought it, then its index in that
 * delivery, each at a fixed width, so that plain string order is thread order and one index serves every page.
 *
 *     ssssssssss mmmmmmmmmmmmm qqqqqq iiiii      (34 digits, without the spaces)
 *     │          │             │      └ index of the item in the delivery
 *     │          │             └ sequence of the stream entry within its millisecond
 *     │          └ millisecond of the stream entry
 *     └ second that WhatsApp says it was sent
 */
export type Position = string

const WIDTHS = { second: 10, millisecond: 13, sequence: 6, index: 5 } as const

const digits = (value: number, width: number) => {
  const text = String(Math.max(0, Math.trunc(value)))
  return text.length > width ? '9'.repeat(width) : text.padStart(width, '0')
}

/** The position of an item that came in the stream entry `streamId` (`<ms>-<sequence>`), sent at `sentAt`. */
export function positionOf(sentAt: Date, streamId: string, index: number): Position {
  const [millisecond = '0', sequence = '0'] = streamId.split('-')
  return (
    digits(sentAt.getTime() / 1000, WIDTHS.second) +
    digits(Number(millisecond), WIDTHS.millisecond) +
    digits(Number(sequence), WIDTHS.sequence) +
    digits(index, WIDTHS.index)
  )
}

/**
 * The position of what we send now: the present moment, or just behind `last` when a customer's clock or a delivery of the
 * same second is ahead of us. An answer never stands above what it answers.
 */
export function nextPosition(now: Date, last: Position): Position {
  const present = positionOf(now, `${now.getTime()}-0`, 0)
  if (present > last) return present
  const second = Number(last.slice(0, WIDTHS.second))
  const millisecond = Number(last.slice(WIDTHS.second, WIDTHS.second + WIDTHS.millisecond))
  return positionOf(new Date(second * 1000), `${millisecond + 1}-0`, 0)
}

/** Above the index of any item that a delivery can have, so that no two messages of a thread ever stand in one place. */
const FIRST_NOTE_INDEX = 50_000

/**
 * The position of a private note: the present moment, or right behind `newest`, the last message of the thread. It takes nothing
 * from what is sent next: that stands behind the conversation's last message by a millisecond, which is behind the note as well.
 */
export function notePosition(now: Date, newest: Position): Position {
  const present = positionOf(now, `${now.getTime()}-0`, FIRST_NOTE_INDEX)
  if (present > newest) return present
  const index = Number(newest.slice(-WIDTHS.index))
  return newest.slice(0, -WIDTHS.index) + digits(Math.max(index + 1, FIRST_NOTE_INDEX), WIDTHS.index)
}
