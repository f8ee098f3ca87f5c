import type { JsonObject } from './content.ts'
import { isObject, listOf, numberOf, objectOf, parseJson, textOf } from './json.ts'
import { messageError } from './messageError.ts'

/** What WhatsApp says of a number. Its words are Meta's own: GREEN, TIER_2K, CONNECTED … */
export type NumberFacts = {
  displayPhoneNumber: string
  verifiedName: string | null
  quality: string | null
  messagingLimit: string | null
  status: string | null
  nameStatus: string | null
  /** Messages a second that it may handle. */
  throughputPerSecond: number
}

/** What WhatsApp says of an access token. */
export type TokenFacts = {
  /** Null: it never expires. */
  expiresAt: string | null
  scopes: string[]
}

export type GraphRefusal = { code: number; subcode: number | null; title: string }
export type Answer<Fact> = { fact: Fact } | { refused: GraphRefusal } | { unreached: string }

export type Key = { accessToken: string; appSecret?: string | undefined }

/** The numbers and accounts of the Graph API: what is asked to connect a number, and to see how it is. */
export type GraphAccount = {
  number(phoneNumberId: string, key: Key): Promise<Answer<NumberFacts>>
  /** The ids of the account's numbers. */
  numbersOf(businessAccountId: string, key: Key): Promise<Answer<string[]>>
  token(key: Key): Promise<Answer<TokenFacts>>
  /** Whether an app gets the account's webhooks. */
  isSubscribed(businessAccountId: string, key: Key): Promise<Answer<boolean>>
  subscribe(businessAccountId: string, key: Key): Promise<Answer<true>>
}

const WITHIN_MS = 15_000
const NUMBER_FIELDS =
  'display_phone_number,verified_name,quality_rating,status,name_status,throughput,is_on_biz_app,whatsapp_business_manager_messaging_limit'
const MOST_NUMBERS = 100
/** Meta, "Throughput": 80, 1,000 when it is HIGH, 20 for a number that is in the app too. */
const THROUGHPUT = { standard: 80, high: 1000, shared: 20 }

/** Ids are digits (checked at the edge), and every address begins with the one that was configured: no input chooses a host. */
export function createGraphAccount({ apiUrl }: { apiUrl: string }): GraphAccount {
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    { accessToken, appSecret }: Key,
    query: Record<string, string> = {},
  ): Promise<Answer<JsonObject>> => {
    const url = new URL(`${apiUrl}/${path}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    // With the proof WhatsApp checks the app's secret too: one that is wrong is found out before deliveries are refused.
    if (appSecret !== undefined) url.searchParams.set('appsecret_proof', proofOf(accessToken, appSecret))
    try {
      const response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${accessToken}` },
        redirect: 'manual',
        signal: AbortSignal.timeout(WITHIN_MS),
      })
      const answer = objectOf(parseJson(await response.text()))
      if (isObject(answer.error)) return { refused: refusalOf(answer.error) }
      return response.ok ? { fact: answer } : { unreached: `HTTP ${response.status}` }
    } catch (error) {
      return { unreached: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    async number(phoneNumberId, key) {
      return map(await ask('GET', phoneNumberId, key, { fields: NUMBER_FIELDS }), numberFacts)
    },
    async numbersOf(businessAccountId, key) {
      const query = { fields: 'id', limit: String(MOST_NUMBERS) }
      const answer = await ask('GET', `${businessAccountId}/phone_numbers`, key, query)
      return map(answer, ({ data }) => listOf(data).flatMap((row) => textOf(objectOf(row).id) ?? []))
    },
    async token(key) {
      const query = { input_token: key.accessToken }
      return map(await ask('GET', 'debug_token', { accessToken: key.accessToken }, query), tokenFacts)
    },
    async isSubscribed(businessAccountId, key) {
      const answer = await ask('GET', `${businessAccountId}/subscribed_apps`, key)
      return map(answer, ({ data }) => listOf(data).length > 0)
    },
    async subscribe(businessAccountId, key) {
      return map(await ask('POST', `${businessAccountId}/subscribed_apps`, key), () => true as const)
    },
  }
}

function map<From, To>(answer: Answer<From>, read: (fact: From) => To): Answer<To> {
  return 'fact' in answer ? { fact: read(answer.fact) } : answer
}

function numberFacts(answer: JsonObject): NumberFacts {
  const isHigh = textOf(objectOf(answer.throughput).level)?.toUpperCase() === 'HIGH'
  const { standard, high, shared } = THROUGHPUT
  return {
    displayPhoneNumber: textOf(answer.display_phone_number)?.replace(/\D/g, '') ?? '',
    verifiedName: textOf(answer.verified_name),
    quality: textOf(answer.quality_rating),
    messagingLimit: textOf(answer.whatsapp_business_manager_messaging_limit),
    status: textOf(answer.status),
    nameStatus: textOf(answer.name_status),
    throughputPerSecond: answer.is_on_biz_app === true ? shared : isHigh ? high : standard,
  }
}

function tokenFacts({ data }: JsonObject): TokenFacts {
  const { expires_at: expires, scopes } = objectOf(data)
  const seconds = numberOf(expires) ?? 0
  return {
    // 0 is how Meta says never.
    expiresAt: seconds === 0 ? null : new Date(seconds * 1000).toISOString(),
    scopes: listOf(scopes).flatMap((scope) => textOf(scope) ?? []),
  }
}

function refusalOf(error: JsonObject): GraphRefusal {
  const { code, title } = messageError(error)
  return { code, title, subcode: numberOf(error.error_subcode) }
}

/** Meta, "Secure Graph API calls". */
function proofOf(accessToken: string, appSecret: string): string {
  return new Bun.CryptoHasher('sha256', appSecret).update(accessToken).digest('hex')
}
