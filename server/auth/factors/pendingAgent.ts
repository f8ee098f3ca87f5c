import type { GenericEndpointContext } from 'better-auth'

/** Who has said the right password and is asked for the second factor; null: nobody is. */
export async function pendingAgent(
  request: Pick<GenericEndpointContext, 'context' | 'getSignedCookie'>,
): Promise<string | null> {
  const cookie = request.context.createAuthCookie('two_factor')
  const challenge = await request.getSignedCookie(cookie.name, request.context.secret)
  if (!challenge) return null
  const pending = await request.context.internalAdapter.findVerificationValue(challenge)
  return pending?.value ?? null
}
