import type { Trouble } from '../faults/trouble.ts'
import type { AccessToken } from './accessToken.ts'
import { Refusal } from './refusal.ts'

/** The answer to a request that goes wrong before it is served; undefined when it is served all the same. */
export function failBefore(
  trouble: Trouble | undefined,
  token: AccessToken,
  request: Request,
): Response | undefined {
  if (!trouble) return undefined
  if ('code' in trouble) {
    if (trouble.as === 'answer') throw new Refusal(trouble.code)
    return undefined
  }
  if (trouble.fault === 'reset-before-reply') return cutConnection()
  if (trouble.fault === 'bad-gateway') return badGateway()
  if (trouble.fault !== 'token-expired') return undefined
  token.expire()
  token.check(request)
}

/** The answer after a request was served, which may be none at all. */
export async function answerAfter(
  answer: Response,
  trouble: Trouble | undefined,
  slowMs: number,
): Promise<Response> {
  const fault = trouble && 'fault' in trouble ? trouble.fault : undefined
  if (fault === 'timeout-after-accept') return new Promise(() => {})
  if (fault === 'reset-after-accept') return cutConnection()
  if (fault === 'slow-answer') await Bun.sleep(slowMs)
  return answer
}

/**
 * Bun.serve has no way to destroy a socket; a body that fails before its first byte has the same effect. Without an
 * error of its own, which Bun would print each time.
 */
function cutConnection(): Response {
  return new Response(new ReadableStream({ start: (body) => body.error(undefined) }))
}

function badGateway(): Response {
  return new Response('<html><body><h1>502 Bad Gateway</h1></body></html>', {
    status: 502,
    headers: { 'Content-Type': 'text/html' },
  })
}
