const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

/**
 * The address of who asks, for limits. `X-Forwarded-For` counts only when the connection comes from this machine, where
 * the proxy stands; and then only its last entry, which that proxy wrote: the ones before are the caller's own words.
 */
export function callerAddress(peer: string | undefined, headers: Headers): string {
  if (peer && !LOOPBACK.test(peer)) return peer
  const forwarded = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()
  return forwarded || peer || '127.0.0.1'
}
