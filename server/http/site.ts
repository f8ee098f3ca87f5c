import { WORKER_POLICY } from './securityHeaders.ts'
import { builtAt, ENCODINGS, readSite, type SiteFile, type SiteFiles } from './siteFiles.ts'

const IMMUTABLE = '/_app/immutable/'
const FOR_EVER = 'public, max-age=31536000, immutable'
const ASK_EACH_TIME = 'no-cache'
/** The service worker: a new one must be found with the next visit, and it answers for the whole site. */
const WORKER = '/service-worker.js'
const WORKER_HEADERS = { 'Service-Worker-Allowed': '/', 'Content-Security-Policy': WORKER_POLICY }

/** Answers a GET or HEAD for the web app; null when there is nothing at that address. */
export type Site = (request: Request) => Promise<Response | null>

/**
 * The web app, as it was built into `folder`: files by their names, and the app's page for every other address that a
 * person may have typed. A new build is noticed with the next request for anything whose name
 * stays the same: the page, the worker, the version.
 */
export function createSite(folder: string, origins: string[]): Site {
  let site: SiteFiles | null = null

  return async (request) => {
    const { pathname } = new URL(request.url)
    const path = decoded(pathname)
    const known = pathname.startsWith(IMMUTABLE) ? site?.files.get(path) : undefined
    if (known) return send(request, known, pathname)
    site = await current(site)
    if (!site) return wantsPage(request, pathname) ? notBuilt() : null
    const file = site.files.get(path)
    if (file && file !== site.shell) return send(request, file, pathname)
    if (!wantsPage(request, pathname)) return null
    return send(request, site.shell, pathname, { 'Content-Security-Policy': site.policy })
  }

  async function current(known: SiteFiles | null): Promise<SiteFiles | null> {
    return known && (await builtAt(folder)) === known.builtAtMs ? known : readSite(folder, origins)
  }
}

/** A path that cannot be decoded names no file of ours. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return ''
  }
}

/**
 * Whether the answer may be the app's page. A script of an older build must be a 404 and not a page, or the browser runs
 * HTML; tools that accept anything get the page at addresses without an extension.
 */
function wantsPage(request: Request, pathname: string): boolean {
  if (pathname.startsWith('/_app/')) return false
  const accept = request.headers.get('accept') ?? '*/*'
  if (accept.includes('text/html')) return true
  return accept.includes('*/*') && !pathname.slice(pathname.lastIndexOf('/')).includes('.')
}

function send(
  request: Request,
  file: SiteFile,
  pathname: string,
  more: Record<string, string> = {},
): Response {
  const headers = new Headers({
    'Content-Type': file.type,
    'Cache-Control': pathname.startsWith(IMMUTABLE) ? FOR_EVER : ASK_EACH_TIME,
    ETag: file.etag,
    ...(pathname === WORKER && WORKER_HEADERS),
    ...more,
  })
  if (file.encodings.size > 0) headers.set('Vary', 'Accept-Encoding')
  if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
  const accepted = (request.headers.get('accept-encoding') ?? '').split(',').map((part) => part.trim())
  const packed = ENCODINGS.find(([name]) => file.encodings.has(name) && accepted.includes(name))
  if (packed) headers.set('Content-Encoding', packed[0])
  return new Response(Bun.file(file.path + (packed ? packed[1] : '')), { headers })
}

function notBuilt(): Response {
  const text = 'The web app is not built yet.\n\nBuild it with:  bun run build\nThen load this page again.\n'
  return new Response(text, {
    status: 503,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}
