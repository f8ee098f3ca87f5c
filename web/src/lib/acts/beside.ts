type Row = { id: string; unreadCount: number }

/** The row above or below the open one; the first when none of them is open. */
export function beside<T extends Row>(
  rows: readonly T[],
  openId: string | null,
  step: 1 | -1,
): T | undefined {
  const index = rows.findIndex(({ id }) => id === openId)
  return index === -1 ? rows[0] : rows[index + step]
}

/** The nearest unread one in that direction, and round from the other end. */
export function unreadBeside<T extends Row>(
  rows: readonly T[],
  openId: string | null,
  step: 1 | -1,
): T | undefined {
  const index = rows.findIndex(({ id }) => id === openId)
  const after = index === -1 ? rows : [...rows.slice(index + 1), ...rows.slice(0, index)]
  const isUnread = (row: T) => row.unreadCount > 0
  return step === 1 ? after.find(isUnread) : after.findLast(isUnread)
}
