/** The address under which the app's page is kept; it is the same page at every address. */
export const SHELL = '/'
/** A network that is there but does not answer: an agent does not look at a white page for longer. */
const PATIENCE_MS = 4_000
/** The server, or what stands before it, is being restarted. */
const IS_AWAY = (status: number) => status >= 502 && status <= 504

/**
 * What is fetched ahead: scripts, style sheets and the font of Latin letters. Languages and other fonts are kept when
 * somebody reads them, so nobody loads what they do not read.
 */
export function precached(paths: readonly string[]): string[] {
  return paths.filter((path) => /\.(js|css)$/.test(path) || /inter-latin-wght-normal[^/]*$/.test(path))
}

/** Fetches what is not there yet. Fails when one of them cannot be had: a version is kept whole or not at all. */
export async function keep(name: string, paths: readonly string[]): Promise<void> {
  const cache = await caches.open(name)
  await Promise.all(
    paths.map(async (path) => {
      const address = new URL(path, location.origin)
      if (address.origin !== location.origin || (await cache.match(address))) return
      const isShell = address.pathname === SHELL
      const response = await fetch(
        address,
        isShell ? { cache: 'reload', headers: { accept: 'text/html' } } : {},
      )
      if (!response.ok) throw new Error(`${path} answered ${response.status}`)
      await cache.put(address, response)
    }),
  )
}

/** A file whose name changes with its content: the kept one is as good as the server's. */
export async function fileOf(name: string, request: Request): Promise<Response> {
  const kept = await caches.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok) await (await caches.open(name)).put(request, response.clone())
  return response
}

/** The app's page: the server's while it can be had, else the kept one. */
export async function shellOf(name: string, request: Request): Promise<Response> {
  const asked = fetch(request)
  const answer = await Promise.race([asked.catch(() => null), after(PATIENCE_MS)])
  if (answer && !IS_AWAY(answer.status)) return answer
  const kept = await (await caches.open(name)).match(SHELL)
  return kept ?? asked
}

const after = (ms: number) => new Promise<null>((done) => setTimeout(done, ms, null))
