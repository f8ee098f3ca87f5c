import { isLoopbackAddress } from './publicAddress.ts'

/** Where WhatsApp keeps files, as the Graph API names it (Meta, "Media": lookaside.fbsbx.com), and its family's other stores. */
const HOSTS_OF_META = ['fbsbx.com', 'fbcdn.net', 'whatsapp.net']

/** How an address of a file may be reached. `isLocal`: on this machine, because the Graph API is there as well. */
export type AllowedAddress = { isLocal: boolean }

/**
 * Whether a file may be fetched, with the access token, from where the Graph API says that it is: from a host of Meta over
 * https, or from the host of the Graph API itself. Plain http, and an address of this machine, only when the Graph API has it.
 */
export function allowedAddress(url: URL, apiUrl: string): AllowedAddress | null {
  const api = new URL(apiUrl)
  if (url.username !== '' || url.password !== '') return null
  const isLocal = isLoopbackHost(api.hostname)
  if (url.host === api.host && url.protocol === api.protocol) {
    return url.protocol === 'https:' || isLocal ? { isLocal } : null
  }
  const isOfMeta = HOSTS_OF_META.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))
  return isOfMeta && url.protocol === 'https:' && url.port === '' ? { isLocal: false } : null
}

function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replaceAll(/^\[|\]$/g, ''))
}
