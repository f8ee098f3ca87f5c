import { errorOf } from '../graph/errorCodes.ts'

/** The requests that something can go wrong with. */
export const routes = ['send', 'read', 'upload', 'describe', 'download', 'templates', 'account'] as const
export type Route = (typeof routes)[number]

/**
 * What goes wrong beyond an error code, and with which requests when nothing else is said:
 *
 * - `timeout-after-accept`: the message is accepted and delivered, and the answer never comes
 * - `reset-after-accept`: the message is accepted and delivered, and the connection is cut before the answer
 * - `reset-before-reply`: the connection is cut and nothing was accepted
 * - `bad-gateway`: an HTTP 502 of something in between, as a page instead of JSON; nothing was accepted
 * - `slow-answer`: the answer comes late
 * - `token-expired`: from now on every request is refused with 190, until the token is replaced
 * - `slow-media`: the file comes in drops
 * - `expired-media-url`: 404, as after five minutes
 * - `wrong-sha256`: the bytes are not those that the digest was made of
 * - `cross-host-redirect`: the file's address leads on to another host
 * - `foreign-media-url`: the description names an address on another host
 *
 * To a sender the first three look the same, and only a status webhook tells them apart: that is their point.
 */
export const faultRoutes = {
  'timeout-after-accept': 'send',
  'reset-after-accept': 'send',
  'reset-before-reply': 'send',
  'bad-gateway': 'send',
  'slow-answer': 'send',
  'token-expired': 'send',
  'slow-media': 'download',
  'expired-media-url': 'download',
  'wrong-sha256': 'download',
  'cross-host-redirect': 'download',
  'foreign-media-url': 'describe',
} as const satisfies Record<string, Route>
export type FaultName = keyof typeof faultRoutes

/** Short names for the codes that people mean most. */
const codeNames: Record<string, number> = {
  '429': 130429,
  '5xx': 131016,
  throughput: 130429,
  'pair-limit': 131056,
}

/** An error code is told as the answer, or later as a failed status. */
export type Trouble = { fault: FaultName } | { code: number; as: 'answer' | 'status' }

/** The names that a list of faults may hold, for a sentence to people. */
export const faultWords = [...Object.keys(faultRoutes), ...Object.keys(codeNames), 'any error code'].join(
  ', ',
)

/** Reads `429`, `reset-before-reply`, `131056` or `131026@answer`. Throws a sentence for the person who typed it. */
export function parseTrouble(typed: string): Trouble {
  if (isFaultName(typed)) return { fault: typed }
  const [word = '', as] = typed.split('@')
  const code = codeNames[word] ?? (/^\d+$/.test(word) ? Number(word) : undefined)
  if (code === undefined) throw new Error(`Unknown fault "${typed}". Known: ${faultWords}.`)
  if (as !== undefined && as !== 'answer' && as !== 'status') {
    throw new Error(`A code is told @answer or @status, not "@${as}".`)
  }
  return codeTrouble(code, as)
}

/** An error code, told as Meta tells it unless said otherwise. */
export function codeTrouble(code: number, as?: 'answer' | 'status'): Trouble {
  const known = errorOf(code)
  if (!known) throw new Error(`WhatsApp has no error code ${code}.`)
  return { code, as: as ?? (known.isReportedLater ? 'status' : 'answer') }
}

/** The request that this goes wrong with when nothing else is said. */
export function routeOf(trouble: Trouble): Route {
  return 'fault' in trouble ? faultRoutes[trouble.fault] : 'send'
}

function isFaultName(typed: string): typed is FaultName {
  return Object.hasOwn(faultRoutes, typed)
}
