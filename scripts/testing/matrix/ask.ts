import type { AnyProcedure, AnyRouter } from '@trpc/server'
import { operationsOf } from '../../../server/http/rest/operation.ts'
import { appRouter } from '../../../server/trpc/router.ts'

/** What became of a call, as far as access goes. */
export type Outcome = 'passed' | 'forbidden' | 'not found' | 'signed out'

export type Answer = { outcome: Outcome; text: string }

const router: AnyRouter = appRouter
const procedures: [string, AnyProcedure][] = Object.entries(router._def.procedures)
const types = new Map(procedures.map(([path, procedure]) => [path, procedure._def.type]))
const typeOf = (path: string): string => {
  return types.get(path) ?? 'unknown'
}
const operations = new Map(operationsOf(appRouter).map((operation) => [operation.name, operation]))

/** Every procedure of the router, by its path. */
export const PROCEDURES = Object.keys(appRouter._def.procedures)
/** Those that stand as REST too. */
export const AS_REST = PROCEDURES.filter((path) => operations.has(path))

type From = { url: string; cookie: string | null }

/** Calls a procedure as the web app does. */
export async function askTrpc({ url, cookie }: From, path: string, input: object): Promise<Answer> {
  const headers = headersOf(url, cookie)
  const response =
    typeOf(path) === 'mutation'
      ? await fetch(`${url}/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input) })
      : await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers })
  return answerOf(response)
}

/** Calls it by its path as REST. */
export async function askRest({ url, cookie }: From, path: string, input: object): Promise<Answer> {
  const operation = operations.get(path)
  if (!operation) throw new Error(`${path} is not there as REST`)
  const rest: Record<string, unknown> = { ...input }
  const address = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return encodeURIComponent(value)
  })
  const headers = headersOf(url, cookie)
  if (operation.method === 'post') {
    const body = JSON.stringify(rest)
    return answerOf(await fetch(`${url}/api/v1${address}`, { method: 'POST', headers, body }))
  }
  const query = new URLSearchParams(
    Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return answerOf(await fetch(`${url}/api/v1${address}?${query}`, { headers }))
}

/** Asks any other address. */
export async function askRoute({ url, cookie }: From, method: string, path: string): Promise<Answer> {
  const body = method === 'POST' ? '{}' : null
  return answerOf(await fetch(`${url}${path}`, { method, headers: headersOf(url, cookie), body }))
}

const headersOf = (url: string, cookie: string | null): Record<string, string> => ({
  'content-type': 'application/json',
  origin: url,
  ...(cookie === null ? {} : { cookie }),
})

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  // A stream by SSE is answered with 200, and says in its first word that it is over.
  if (response.status === 401 || text.includes('"UNAUTHORIZED"')) return { outcome: 'signed out', text }
  if (response.status === 403) return { outcome: 'forbidden', text }
  // Only who may have the file, or use the channel, hears that its bytes are gone, or that it has no such template.
  if (/"GONE"|has no such template/.test(text)) return { outcome: 'passed', text }
  if (response.status === 404 || /"refused":\[\{[^\]]*"reason":"NOT_FOUND"/.test(text)) {
    return { outcome: 'not found', text }
  }
  if (response.status === 429) throw new Error(`${response.url} was not tried: too many requests`)
  // WhatsApp was asked, so we let it through.
  if (response.status === 502 || response.status === 503) return { outcome: 'passed', text }
  if (response.status >= 500) throw new Error(`${response.url} was answered with ${response.status}: ${text}`)
  if (response.status === 429) throw new Error('The matrix asks faster than its stack lets it')
  // An input that is not understood was not tried: the row has to be mended.
  if (response.status === 400 && text.includes('"code\\":')) throw new Error(`Bad input: ${text}`)
  return { outcome: 'passed', text }
}
