/** A customer's message opens the window for 24 hours; each further one starts it anew (Meta, "Customer service windows"). */
export const SERVICE_WINDOW_MS = 24 * 60 * 60 * 1000

/** A window that closes within this is counted down, and can be asked for. */
export const CLOSING_MS = 2 * 60 * 60 * 1000

/** Free of charge after an ad or a page button brought the customer here (Meta, "Free entry points"). */
export const FREE_ENTRY_MS = 72 * 60 * 60 * 1000

/** When the window that the customer's last message opened closes; null when the customer never wrote. */
export function windowClosesAt(lastInboundAt: Date | null): Date | null {
  return lastInboundAt && new Date(lastInboundAt.getTime() + SERVICE_WINDOW_MS)
}

/** Whether free text may be sent at `now`. Templates may be sent at any time. */
export function isWindowOpen(lastInboundAt: Date | null, now: Date): boolean {
  const closesAt = windowClosesAt(lastInboundAt)
  return closesAt !== null && now < closesAt
}
