import type { Opening } from '#lib/app/opening.svelte.ts'
import { afterNavigate, beforeNavigate, goto } from '$app/navigation'
import { page } from '$app/state'

const CONVERSATION = '/(inbox)/c/[conversationId]'
const PATH = /^\/c\/([^/?#]+)(?!.*[?&]at=)/

/**
 * Goes to an address of the inbox: from one conversation to another at once, elsewhere when the router has it ready. To be made
 * while a component is.
 */
export function goingTo(opening: Opening): (path: string) => unknown {
  const idIn = (to: { params: Partial<Record<string, string>> | null } | null) =>
    to?.params?.conversationId ?? null
  beforeNavigate(({ to }) => opening.leaves(idIn(to)))
  afterNavigate(({ to }) => opening.arrived(idIn(to)))

  return (path) => {
    const id = PATH.exec(path)?.[1]
    const replace = path === `${location.pathname}${location.search}`
    if (id === undefined || page.route.id !== CONVERSATION) return goto(path, { replace })
    // As the router does: a key is meant for the new conversation, not for what had the focus in the old one.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    // The router need not do it again, for that lays the page out: and whoever is in a field by then is left there.
    opening.show(id, () => goto(path, { replace, reset: false }))
  }
}
