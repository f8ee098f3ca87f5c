import type { ChannelSecrets } from '../secrets/channelSecrets.ts'
import { digestOf, oneToken } from '../whatsapp/accessToken.ts'

/** One token for every channel, as when nothing but the environment has one. */
export function oneSecret(token: string): Pick<ChannelSecrets, 'tokenOf' | 'digests' | 'unreadable'> {
  return {
    tokenOf: oneToken(token),
    digests: async () => ({ own: [], common: digestOf(token) }),
    unreadable: async () => [],
  }
}
