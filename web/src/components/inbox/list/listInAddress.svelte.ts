import { untrack } from 'svelte'
import type { List } from '#lib/list/list.svelte.ts'
import { type ListQuery, queryOf, saysList, searchOf } from '#lib/list/listQuery.ts'
import { beforeNavigate, goto } from '$app/navigation'
import { page } from '$app/state'

const ROUTES: readonly (string | null)[] = ['/(inbox)', '/(inbox)/c/[conversationId]']

/**
 * Shows another list, beside whatever conversation is open: at once, so that the next choice adds to this one though the
 * address follows a moment later.
 */
export function goToList(list: List, query: ListQuery) {
  list.show(query)
  return goto(`${page.url.pathname}${searchOf(query)}`, { reset: false })
}

/**
 * The list is what the address says. A link to a conversation need not say it: the list stays as it is, and the address is
 * written out on the way. Going back and forth in the history is left alone, so that it shows again what stood there.
 */
export function listInAddress(list: List) {
  $effect.pre(() => {
    const { route, url } = page
    if (ROUTES.includes(route.id)) untrack(() => list.show(queryOf(url.searchParams)))
  })

  beforeNavigate(({ to, type, cancel }) => {
    if (type === 'popstate' || !to || !ROUTES.includes(to.route.id)) return
    if (list.search === '' || saysList(to.url.searchParams)) return
    cancel()
    const url = new URL(to.url)
    for (const [name, value] of new URLSearchParams(list.search)) url.searchParams.append(name, value)
    void goto(url)
  })
}
