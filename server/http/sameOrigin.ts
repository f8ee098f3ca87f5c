import { createMiddleware } from 'hono/factory'
import { carriesSession } from '../auth/cookie.ts'
import { originsOf } from '../auth/origins.ts'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

export type CrossSite = { status: 403 | 415; reason: 'CROSS_SITE' | 'NOT_JSON' }

/**
 * Keeps other sites from acting with an agent's cookie. Binds requests that carry it and change something; a client with a
 * bearer token is not asked, for no browser sends that by itself.
 *
 * What the browser says itself (`Sec-Fetch-Site`) comes first; where it says nothing, `Origin` must be one of ours, and a
 * request with neither is refused. The body must be JSON, which no form and no "simple" request of another site can send.
 */
export function crossSite(request: Request, publicUrl: string): CrossSite | null {
  if (SAFE_METHODS.includes(request.method) || !carriesSession(request.headers, publicUrl)) return null
  if (!isFromOurPage(request, publicUrl)) return { status: 403, reason: 'CROSS_SITE' }
  const type = request.headers.get('content-type')
  const isJson = type?.split(';')[0]?.trim().toLowerCase() === 'application/json'
  if (request.body === null && type === null) return null
  return isJson ? null : { status: 415, reason: 'NOT_JSON' }
}

/** Whether a page of this inbox sent it, by what the browser says. */
export function isFromOurPage(request: Request, publicUrl: string): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site === null
    ? originsOf(publicUrl).includes(request.headers.get('origin') ?? '')
    : site === 'same-origin'
}

const SAID = {
  CROSS_SITE: 'This request did not come from a page of this inbox.',
  NOT_JSON: 'Send the body as application/json.',
} as const

/** {@link crossSite} as a middleware. */
export function sameOrigin(publicUrl: string) {
  return createMiddleware<{ Variables: { requestId: string } }>(async (c, next) => {
    const refused = crossSite(c.req.raw, publicUrl)
    if (!refused) return next()
    const { status, reason } = refused
    return c.json({ error: SAID[reason], reason, requestId: c.get('requestId') }, status)
  })
}
