import { expect, test } from 'bun:test'
import { callerAddress, trustedProxies } from './caller.ts'
import { mayCollect } from './metricsAccess.ts'

const said = (hops: string) => new Headers({ 'x-forwarded-for': hops })
const onlyHere = trustedProxies([])

test('the address of a caller is the connection’s, or what a proxy on this machine wrote last', () => {
  const forged = said('192.0.2.1, 198.51.100.2')
  expect(callerAddress('203.0.113.9', forged, onlyHere)).toBe('203.0.113.9')
  expect(callerAddress('127.0.0.1', forged, onlyHere)).toBe('198.51.100.2')
  expect(callerAddress('::1', forged, onlyHere)).toBe('198.51.100.2')
  expect(callerAddress('::ffff:127.0.0.1', forged, onlyHere)).toBe('198.51.100.2')
  expect(callerAddress('::ffff:127.0.0.1', new Headers(), onlyHere)).toBe('::ffff:127.0.0.1')
  expect(callerAddress(undefined, new Headers(), onlyHere)).toBe('127.0.0.1')
})

test('a proxy elsewhere counts when its network is named, through any number of them', () => {
  const named = trustedProxies(['10.0.0.0/8', '2001:db8::7'])
  expect(callerAddress('10.1.2.3', said('192.0.2.1, 198.51.100.2, 10.9.9.9'), named)).toBe('198.51.100.2')
  expect(callerAddress('2001:db8::7', said('2001:db8:1::1'), named)).toBe('2001:db8:1::1')
  expect(callerAddress('11.1.2.3', said('198.51.100.2'), named)).toBe('11.1.2.3')
})

test('what is no address ends the way back to the caller', () => {
  expect(callerAddress('127.0.0.1', said('198.51.100.2, unknown'), onlyHere)).toBe('127.0.0.1')
  expect(callerAddress('127.0.0.1', said(''), onlyHere)).toBe('127.0.0.1')
})

test('a network that cannot be read is refused', () => {
  expect(() => trustedProxies(['everywhere'])).toThrow('everywhere')
  expect(() => trustedProxies(['10.0.0.0/99'])).toThrow()
})

test('metrics are for this machine, and with a token for whoever shows it', () => {
  expect(mayCollect(new Headers(), '127.0.0.1', null)).toBe(true)
  expect(mayCollect(new Headers(), '198.51.100.2', null)).toBe(false)
  const token = 'a token of the collector'
  expect(mayCollect(new Headers(), '127.0.0.1', token)).toBe(false)
  expect(mayCollect(new Headers({ authorization: `Bearer ${token}` }), '198.51.100.2', token)).toBe(true)
  expect(mayCollect(new Headers({ authorization: `Bearer ${token}x` }), '198.51.100.2', token)).toBe(false)
})
