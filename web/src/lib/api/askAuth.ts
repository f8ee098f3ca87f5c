/** What a route under `/api/auth` said. These are better-auth's; they speak in codes, which are put into words where they are shown. */
export type AuthAnswer = { isDone: true; body: unknown } | ({ isDone: false } & AuthRefusal)

export type AuthRefusal = {
  /** Null: nobody could be reached. */
  status: number | null
  code: string | null
  /** When to try again, if it said. */
  retryAfterS: number | null
}

/** Asks a route of the sign-in: with a body by POST, without one by GET. The cookie it may set is out of reach of scripts. */
export async function askAuth(path: string, body?: object): Promise<AuthAnswer> {
  const response = await send(`/api/auth${path}`, body)
  if (response === null) return { isDone: false, status: null, code: null, retryAfterS: null }
  const said = await response.json().catch(() => null)
  if (response.ok) return { isDone: true, body: said }
  return { isDone: false, status: response.status, code: textOf(said, 'code'), retryAfterS: waitOf(response) }
}

/** A field of an answer that should be text; null when it is not. */
export function textOf(answer: unknown, field: string): string | null {
  const value = fieldOf(answer, field)
  return typeof value === 'string' ? value : null
}

/** A field of an answer, whatever it is. */
export function fieldOf(answer: unknown, field: string): unknown {
  if (typeof answer !== 'object' || answer === null) return undefined
  return Object.entries(answer).find(([name]) => name === field)?.[1]
}

function waitOf({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? headers.get('x-retry-after'))
  return seconds > 0 ? seconds : null
}

async function send(path: string, body?: object): Promise<Response | null> {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  try {
    return await fetch(path, init)
  } catch {
    return null
  }
}
