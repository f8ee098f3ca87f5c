import { BlockList, isIP } from 'node:net'

/** Whether a peer is a proxy of ours, whose word on who asks counts. */
export type IsTrusted = (address: string) => boolean

/**
 * The proxies that may say who asks: addresses and networks such as `10.0.0.0/8`. This machine always may, since the proxy of a
 * small installation stands there.
 *
 * @throws for what is neither an address nor a network
 */
export function trustedProxies(list: readonly string[]): IsTrusted {
  const trusted = new BlockList()
  for (const entry of ['127.0.0.0/8', '::1', ...list]) {
    const [address = '', bits] = entry.split('/')
    const family = familyOf(address)
    if (family === null) throw new Error(`${entry} is not an address or a network`)
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
    const family = familyOf(plain)
    return family !== null && trusted.check(plain, family)
  }
}

/**
 * The address of who asks, for limits. `X-Forwarded-For` counts only when the connection comes from a proxy of ours, and is read from
 * its end: each proxy adds the address that it saw, so the last one that is no proxy of ours is the caller, and all before it
 * are the caller's own words.
 */
export function callerAddress(peer: string | undefined, headers: Headers, isTrusted: IsTrusted): string {
  const direct = peer ?? '127.0.0.1'
  if (!isTrusted(direct)) return direct
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) break
    if (!isTrusted(hop)) return hop
  }
  return direct
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6'
}
