import { expect, test } from 'bun:test'
import { isLoopbackAddress, isPublicAddress } from './publicAddress.ts'

test('an address of the internet is public', () => {
  for (const address of [
    '157.240.20.18',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '2a03:2880:f12f:83:face:b00c:0:25de',
  ]) {
    expect([address, isPublicAddress(address)]).toEqual([address, true])
  }
})

test('an address of this machine, this house or nobody is not public, in whatever clothes', () => {
  const addresses = [
    ...[
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
    ],
    ...['0.0.0.0', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.0.1', '203.0.113.9'],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd12:3456::1',
      'ff02::1',
      '2001:db8::1',
      '2001::1',
    ],
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::127.0.0.1'],
    ...['64:ff9b::a00:1', '2002:a00:1::1', '3fff::1', 'localhost', '', '127.1', '0x7f000001', '2130706433'],
  ]
  for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false])
})

test('a public address mapped into IPv6 stays public', () => {
  expect(isPublicAddress('::ffff:157.240.20.18')).toBe(true)
})

test('this machine is known by all its names', () => {
  for (const address of [
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
  ])
    expect([address, isLoopbackAddress(address)]).toEqual([address, true])
  for (const address of ['10.0.0.1', '::', '::2', '128.0.0.1', '::ffff:10.0.0.1', 'localhost'])
    expect([address, isLoopbackAddress(address)]).toEqual([address, false])
})
