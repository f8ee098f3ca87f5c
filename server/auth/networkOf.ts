import { isIP } from 'node:net'

/**
 * The network of an address, which is all that is kept of it: enough to tell the office from elsewhere, not enough to tell a household.
 * The first three numbers of IPv4, the first 48 bits of IPv6. Null: that is no address.
 */
export function networkOf(address: string): string | null {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (isIP(plain) !== 6) return null
  const [head = '', tail] = plain.split('::')
  const start = head === '' ? [] : head.split(':')
  const end = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - start.length - end.length
  const groups = [...start, ...Array<string>(zeros).fill('0'), ...end].slice(0, 3)
  const bits = groups.map((group) => Number.parseInt(group, 16).toString(16))
  while (bits.at(-1) === '0') bits.pop()
  return `${bits.join(':')}::/48`
}
