import type { ChannelFacts } from '../inbox/channelFacts.ts'
import { TokenUnreadable } from '../whatsapp/accessToken.ts'
import { NEEDED_SCOPES, troubleOf } from '../whatsapp/checkNumber.ts'
import type { Answer, GraphAccount, NumberFacts, TokenFacts } from '../whatsapp/graphAccount.ts'
import type { Services } from './context.ts'

/** How a channel is. Of its secrets nothing but their last characters; the verify token is no secret to who sets it up. */
export type ChannelHealth = {
  webhook: {
    url: string
    verifyToken: string
    lastHeardAt: string | null
    /** Deliveries of all numbers that were taken and are not stored yet. */
    waiting: number | null
    /** Whether WhatsApp delivers to the app; null: it does not say. */
    isSubscribed: boolean | null
  }
  token: {
    /** Whether the channel has one of its own, or goes by that of the environment. */
    isOwn: boolean
    hasOwnSecret: boolean
    ending: string | null
    /** Why it opens nothing, in a sentence. */
    trouble: string | null
    expiresAt: string | null
    scopes: string[]
    missingScopes: string[]
  }
  /** Null: WhatsApp did not say, see `token.trouble`. */
  number: NumberFacts | null
  queued: number
  templates: Record<string, number>
  teamIds: string[]
  phoneNumberId: string
  businessAccountId: string
}

const SHOWN_CHARACTERS = 4
/** Of a shorter token the end would be too much of it. */
const SHORTEST_SHOWN = 16

export async function channelHealth(
  services: Services,
  channelId: string,
  facts: ChannelFacts,
): Promise<ChannelHealth> {
  const { secrets, accounts, webhook, deliveriesWaiting } = services
  const own = await secrets.of(channelId)
  const token = await secrets.tokenOf(facts).catch((error: unknown) => {
    if (error instanceof TokenUnreadable) return null
    throw error
  })
  const [asked, waiting] = await Promise.all([
    token === null ? null : askWhatsApp(accounts, facts, token),
    deliveriesWaiting(),
  ])
  const unreadable =
    'It cannot be decrypted: it was stored with another key (BATON_SECRETS_KEY). Replace it, or run Baton with that key too.'
  return {
    webhook: {
      url: webhook.url,
      verifyToken: own?.verifyToken ?? webhook.verifyToken,
      lastHeardAt: facts.lastHeardAt?.toISOString() ?? null,
      waiting,
      isSubscribed: asked?.isSubscribed ?? null,
    },
    token: {
      isOwn: own?.hasToken ?? false,
      hasOwnSecret: own?.appSecret != null,
      ending: own?.hasToken && token !== null ? endingOf(token) : null,
      trouble: token === null ? unreadable : (asked?.trouble ?? null),
      expiresAt: asked?.token?.expiresAt ?? null,
      scopes: asked?.token?.scopes ?? [],
      missingScopes: NEEDED_SCOPES.filter((scope) => asked?.token && !asked.token.scopes.includes(scope)),
    },
    number: asked?.number ?? null,
    queued: facts.queued,
    templates: facts.templates,
    teamIds: facts.teamIds,
    phoneNumberId: facts.phoneNumberId,
    businessAccountId: facts.businessAccountId,
  }
}

type Asked = {
  number: NumberFacts | null
  token: TokenFacts | null
  isSubscribed: boolean | null
  trouble: string | null
}

async function askWhatsApp(accounts: GraphAccount, facts: ChannelFacts, accessToken: string): Promise<Asked> {
  const key = { accessToken }
  const [number, token, subscribed] = await Promise.all([
    accounts.number(facts.phoneNumberId, key),
    accounts.token(key),
    accounts.isSubscribed(facts.businessAccountId, key),
  ])
  return {
    number: factOf(number),
    token: factOf(token),
    isSubscribed: factOf(subscribed),
    trouble: 'fact' in number ? null : troubleOf(number, 'phoneNumberId').trouble.message,
  }
}

const factOf = <Fact>(answer: Answer<Fact>): Fact | null => ('fact' in answer ? answer.fact : null)

function endingOf(token: string): string | null {
  return token.length < SHORTEST_SHOWN ? null : token.slice(-SHOWN_CHARACTERS)
}
