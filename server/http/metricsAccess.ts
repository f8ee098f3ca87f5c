import { isSameSecret } from '../whatsapp/signature.ts'
import { trustedProxies } from './caller.ts'

/** With none named, only this machine is trusted. */
const isThisMachine = trustedProxies([])

/**
 * Who may read the metrics: they name no person, and tell how busy a company is. With a token whoever shows it, else only this
 * machine. `address` is the caller's own, so a proxy on this machine opens nothing to those behind it.
 */
export function mayCollect(headers: Headers, address: string | undefined, token: string | null): boolean {
  if (token === null) return isThisMachine(address ?? '127.0.0.1')
  return isSameSecret(headers.get('authorization') ?? '', `Bearer ${token}`)
}
