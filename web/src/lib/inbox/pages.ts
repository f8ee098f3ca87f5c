import { sections } from '../settings/sections.ts'

const SETTINGS = '/(inbox)/settings'

/** What fills the place of the list and the thread, by route, with its title. */
const PAGES: Readonly<Record<string, string>> = {
  '/(inbox)/not-delivered': 'Not delivered',
  '/(inbox)/search': 'Search',
}

/** The title of a page; null where the inbox itself stands. */
export function pageTitle(routeId: string | null): string | null {
  if (routeId === null) return null
  if (isSettings(routeId)) return sectionAt(routeId)?.label ?? 'Settings'
  return PAGES[routeId] ?? null
}

export function isSettings(routeId: string | null): boolean {
  return routeId === SETTINGS || routeId?.startsWith(`${SETTINGS}/`) === true
}

const sectionAt = (routeId: string) =>
  sections().find(({ path }) => routeId.slice(SETTINGS.length + 1).split('/')[0] === path)
