import { createMiddleware } from 'hono/factory'
import { isHttps } from '../auth/origins.ts'

const YEAR_S = 365 * 24 * 60 * 60

/** For what is not a page: nothing may run, nothing may frame it. */
const NOT_A_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** For the service worker, whose policy binds what it fetches: files of this site, and nothing else. */
export const WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'"

/** Headers of every answer. A handler that sets one of them itself (a page its policy, a file its sandbox) keeps its own. */
export function securityHeaders(publicUrl: string) {
  const headers: [string, string][] = [
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'same-origin'],
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(self), payment=(), usb=()'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Content-Security-Policy', NOT_A_PAGE],
    ['X-Frame-Options', 'DENY'],
  ]
  if (isHttps(publicUrl)) headers.push(['Strict-Transport-Security', `max-age=${YEAR_S}; includeSubDomains`])

  return createMiddleware(async (c, next) => {
    await next()
    for (const [name, value] of headers) if (!c.res.headers.has(name)) c.header(name, value)
  })
}

/**
 * The policy of the inbox's page, as a header because a meta tag drops `frame-ancestors`. Its inline scripts (SvelteKit's
 * start) are named by hash. Style attributes are allowed and style elements are not: attributes are what components use to
 * place a popover, elements are what an injection would need. The socket is named for Safari before 16, whose `'self'`
 * does not cover `ws:`.
 */
export function pagePolicy(html: string, origins: string[]): string {
  const sockets = origins.map((origin) => origin.replace(/^http/, 'ws'))
  return [
    "default-src 'self'",
    ["script-src 'self'", ...inlineScriptHashes(html)].join(' '),
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...sockets].join(' '),
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function inlineScriptHashes(html: string): string[] {
  const scripts = html.matchAll(/<script(?![^>]*\ssrc\s*=)[^>]*>([\s\S]*?)<\/script>/gi)
  return [...scripts].map(([, code = '']) => {
    const digest = new Bun.CryptoHasher('sha256').update(code).digest('base64')
    return `'sha256-${digest}'`
  })
}
