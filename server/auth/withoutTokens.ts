/** Names under which better-auth and its plugins answer with what opens a session here, or an account elsewhere. */
const TOKENS = new Set(['token', 'sessionToken', 'accessToken', 'refreshToken', 'idToken'])

/**
 * An answer of better-auth without the tokens that it puts into its bodies. The browser has its session in a cookie that no
 * script can read; a body that carries it too would hand it to the first script that should not be there.
 */
export async function withoutTokens(response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.includes('json')) return response
  const { status, statusText } = response
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  const text = await response.text()
  const body = text === '' ? null : JSON.stringify(JSON.parse(text, dropToken))
  return new Response(body, { status, statusText, headers })
}

function dropToken(name: string, value: unknown): unknown {
  return TOKENS.has(name) ? undefined : value
}
