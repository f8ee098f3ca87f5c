import { expect, test } from 'bun:test'
import { networkOf } from './networkOf.ts'

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:17:1::2', '2001:db8:17::/48'],
  ['2001:0db8:0017:0001:0002:0003:0004:0005', '2001:db8:17::/48'],
  ['2001:db8::1', '2001:db8::/48'],
  ['::1', '::/48'],
])('of %s only %s is kept', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test.each(['', 'localhost', '203.0.113', '203.0.113.7, 10.0.0.1', 'fe80::1%eth0 x'])(
  '“%s” has none',
  (text) => {
    expect(networkOf(text)).toBeNull()
  },
)
