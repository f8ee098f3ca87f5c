import type { GenericEndpointContext } from 'better-auth'
import { symmetricDecrypt } from 'better-auth/crypto'

/** What better-auth has encrypted with the secret of the sessions; null: it was another secret. */
export async function unseal(
  { context }: Pick<GenericEndpointContext, 'context'>,
  sealed: string,
): Promise<string | null> {
  try {
    return await symmetricDecrypt({ key: context.secretConfig, data: sealed })
  } catch {
    return null
  }
}
