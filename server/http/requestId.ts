/** What a proxy in front may have given: short, and nothing that could forge a line of the log. */
const ACCEPTABLE = /^[\w.-]{8,64}$/

/** The id that answers, log lines and errors of one request share: the proxy's when it is sane, else a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get('x-request-id')
  return given && ACCEPTABLE.test(given) ? given : Bun.randomUUIDv7()
}
