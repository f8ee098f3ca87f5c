/** What fills the place of the list and the thread, by route, with its title. */
const PAGES: Readonly<Record<string, string>> = {
  '/(inbox)/dead-letters': 'Dead letters',
  '/(inbox)/not-delivered': 'Not delivered',
  '/(inbox)/api-keys': 'API keys',
  '/(inbox)/settings/channels': 'Channels',
  '/(inbox)/settings/channels/[channelId]': 'Channel settings',
}

/** The title of a page; null where the inbox itself stands. */
export function pageTitle(routeId: string | null): string | null {
  return PAGES[routeId ?? ''] ?? null
}
