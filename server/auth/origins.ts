const LOOPBACK_NAMES = ['localhost', '127.0.0.1']

/**
 * The origins that pages of this inbox have. One, in production. On this machine also the other name of the loopback
 * address: the start command prints `localhost`, tools and tests like `127.0.0.1`.
 */
export function originsOf(publicUrl: string): string[] {
  const url = new URL(publicUrl)
  if (url.protocol !== 'http:' || !LOOPBACK_NAMES.includes(url.hostname)) return [url.origin]
  const port = url.port === '' ? '' : `:${url.port}`
  return [...new Set([url.origin, ...LOOPBACK_NAMES.map((name) => `http://${name}${port}`)])]
}

/** Whether browsers reach the inbox over TLS. */
export function isHttps(publicUrl: string): boolean {
  return new URL(publicUrl).protocol === 'https:'
}
