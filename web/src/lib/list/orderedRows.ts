import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'

type Conversations = ReadonlyMap<string, ConversationSnapshot>

/** Which conversations stand in a list, and in which order. */
export type Rule = {
  holds(conversation: ConversationSnapshot): boolean
  order(a: ConversationSnapshot, b: ConversationSnapshot): number
}

/** From so many changes on it is cheaper to sort anew than to put each into its place. */
const MANY = 100

/**
 * The rows of a list, kept in order from one change to the next. An event touches a row or two of ten thousand: those are taken
 * out and put into their places, and the rest is not sorted again.
 */
export class OrderedRows {
  #rule: Rule | null = null
  #conversations: Conversations = new Map()
  #rows: readonly ConversationSnapshot[] = []

  /** The same array as before when nothing in it has changed. `rule`: another object whenever it says something else. */
  of(conversations: Conversations, rule: Rule): readonly ConversationSnapshot[] {
    const changed = rule === this.#rule ? changes(this.#conversations, conversations) : null
    if (changed === null || changed.length > MANY) this.#rows = sorted(conversations, rule)
    else if (changed.length > 0) this.#rows = placed(this.#rows, changed, conversations, rule)
    this.#rule = rule
    this.#conversations = conversations
    return this.#rows
  }
}

function sorted(conversations: Conversations, rule: Rule): ConversationSnapshot[] {
  return [...conversations.values()].filter(rule.holds).sort(rule.order)
}

/** What is new or different; null when something is gone, which is rare. */
function changes(before: Conversations, after: Conversations): ConversationSnapshot[] | null {
  if (before === after) return []
  const changed: ConversationSnapshot[] = []
  let known = 0
  for (const row of after.values()) {
    const held = before.get(row.id)
    if (held !== undefined) known++
    if (held !== row) changed.push(row)
  }
  return known === before.size ? changed : null
}

function placed(
  rows: readonly ConversationSnapshot[],
  changed: readonly ConversationSnapshot[],
  conversations: Conversations,
  rule: Rule,
): readonly ConversationSnapshot[] {
  const kept = rows.filter((row) => conversations.get(row.id) === row)
  const come = changed.filter(rule.holds)
  if (kept.length === rows.length && come.length === 0) return rows
  for (const row of come) kept.splice(placeOf(row, kept, rule), 0, row)
  return kept
}

/** The index at which a row belongs, by halving. */
function placeOf(row: ConversationSnapshot, rows: readonly ConversationSnapshot[], { order }: Rule): number {
  let [from, to] = [0, rows.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const other = rows[middle]
    if (other && order(other, row) < 0) from = middle + 1
    else to = middle
  }
  return from
}
