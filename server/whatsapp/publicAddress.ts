import { isIP } from 'node:net'

/** Networks that are nobody's on the internet (IANA, "Special-Purpose Address Registry"): this machine, this house, tests, groups. */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map((network) => {
  const [address = '', bits = ''] = network.split('/')
  return { first: numberOfV4(address), bits: Number(bits) }
})

/** Of IPv6 only 2000::/3 is given out for the internet; these parts of it are not, or lead on to an IPv4 address. */
const NOT_PUBLIC_V6 = [
  [0x2001_0000, 23], // Teredo, benchmarks, ORCHID
  [0x2001_0db8, 32], // documentation
  [0x2002_0000, 16], // 6to4
  [0x3fff_0000, 20], // documentation
] as const

/** Whether an address is one of the internet, which a file of WhatsApp may come from. What can not be read is not. */
export function isPublicAddress(address: string): boolean {
  const plain = address.split('%')[0] ?? ''
  if (isIP(plain) === 4) return isPublicV4(numberOfV4(plain))
  if (isIP(plain) !== 6) return false
  const groups = groupsOfV6(plain)
  const [first = 0, second = 0] = groups
  // ::ffff:a.b.c.d is an IPv4 address in other clothes, and the system connects to it as such.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return isPublicV4((groups[6] ?? 0) * 0x10000 + (groups[7] ?? 0))
  }
  if (first >> 13 !== 1) return false
  const start = first * 0x10000 + second
  return !NOT_PUBLIC_V6.some(([network, bits]) => isInNetwork(start, network, bits))
}

/** Whether an address is this machine itself. */
export function isLoopbackAddress(address: string): boolean {
  if (isIP(address) === 4) return address.startsWith('127.')
  if (isIP(address) !== 6) return false
  const groups = groupsOfV6(address)
  if (groups.slice(0, 7).every((group) => group === 0)) return groups[7] === 1
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  return isMapped && (groups[6] ?? 0) >> 8 === 127
}

function isPublicV4(address: number): boolean {
  return !NOT_PUBLIC_V4.some(({ first, bits }) => isInNetwork(address, first, bits))
}

function isInNetwork(address: number, network: number, bits: number): boolean {
  const size = 2 ** (32 - bits)
  return Math.floor(address / size) === Math.floor(network / size)
}

function numberOfV4(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}

/** The eight groups of a valid address, with `::` and a dotted end written out. */
function groupsOfV6(address: string): number[] {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)
  const v4 = numberOfV4(dotted?.[2] ?? '0')
  const text = dotted
    ? `${dotted[1]}${Math.floor(v4 / 0x10000).toString(16)}:${(v4 % 0x10000).toString(16)}`
    : address
  const [head = '', tail] = text.split('::')
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  if (tail === undefined) return groups(head)
  const [before, after] = [groups(head), groups(tail)]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}
