/** What the button says that leads to the end of a thread. `newer`: how many messages stand below in all; null: nobody knows. */
export function belowInWords(unseen: number, newer: number | null): string {
  if (unseen === 1) return 'One new message below: go to the latest'
  if (unseen > 1) return `${unseen} new messages below: go to the latest`
  if (newer === null || newer === 0) return 'Go to the latest'
  return `${countInShort(newer, 999)} messages below: go to the latest`
}

/** `7`, `99+`. */
export function countInShort(count: number, most: number): string {
  return count > most ? `${most}+` : String(count)
}

/** What the button says that leads to messages which arrived long after they were sent. */
export function lateInWords(count: number): string {
  return count === 1 ? 'One message came late: show it' : `${count} messages came late: show them`
}
