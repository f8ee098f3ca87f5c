/**
 * An answer of better-auth without the session's token, which belongs into the cookie alone, out of reach of scripts. Null: there is
 * none in it.
 */
export function withoutToken(answer: unknown): Record<string, unknown> | null {
  if (!isRecord(answer)) return null
  const { token, ...rest } = answer
  const session = isRecord(rest.session) && 'token' in rest.session ? rest.session : null
  if (typeof token !== 'string' && session === null) return null
  if (session === null) return rest
  const { token: _, ...shown } = session
  return { ...rest, session: shown }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Error) && !(value instanceof Response)
  )
}
