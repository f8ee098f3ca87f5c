import type { Inbox } from '#lib/inbox/inbox.svelte.ts'

type Desk = {
  inbox: Inbox
  /** Whether something else stands where the list stands. */
  isAway: () => boolean
  open: (conversationId: string | null) => unknown
  showKeys: () => void
}

/** The keys of the inbox. Bare letters work outside of text fields only; Esc leaves the field first, then the conversation. */
export function deskKeys({ inbox, isAway, open, showKeys }: Desk) {
  const beside = (step: 1 | -1) => {
    const index = inbox.rows.findIndex((row) => row.id === inbox.openId)
    const next = inbox.rows[index === -1 ? 0 : index + step]
    if (next) open(next.id)
  }
  const acts: Record<string, () => void> = {
    j: () => beside(1),
    k: () => beside(-1),
    r: reply,
    n: () => document.querySelector<HTMLElement>('[data-act=note]')?.click(),
    t: () => document.querySelector<HTMLElement>('[data-act=template]')?.click(),
    b: () => document.querySelector<HTMLElement>('[data-take-over]')?.click(),
    '?': showKeys,
    Escape: () => inbox.openId !== null && open(null),
  }

  return (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isInDialog(event)) return
    if (isTyping(event)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur()
      return
    }
    const act = acts[event.key]
    if (!act || (isAway() && event.key !== '?')) return
    event.preventDefault()
    act()
  }
}

/** Answers the message that is pointed at, if one is. */
function reply() {
  const quote = quoteOfPointed()
  if (quote) quote.click()
  else replyTab()?.click()
}

/** Of the message under the pointer, or of the one that has the focus. */
const quoteOfPointed = () =>
  document.querySelector<HTMLElement>('[data-message]:is(:hover, :focus-within) [data-act=quote]')

/** A click on it goes on to the text, also from a private note. */
const replyTab = () => document.querySelector<HTMLElement>('[data-act=reply]')

const isTyping = ({ target }: Event) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement

const isInDialog = ({ target }: Event) =>
  target instanceof Element && target.closest('[role=dialog], [role=menu]') !== null
