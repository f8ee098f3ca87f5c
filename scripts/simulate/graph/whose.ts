import { createHmac } from 'node:crypto'
import type { AccessToken } from './accessToken.ts'
import type { GraphApi } from './graphApi.ts'
import { invalid } from './refusal.ts'

/**
 * Which business a request reaches: the one whose token it carries, as each token opens the objects of its own business and knows
 * no others. With a token of nobody it is the main one, which refuses it.
 */
export function whoseIs(request: Request, url: URL, businesses: readonly GraphApi[]): GraphApi {
  const given = request.headers.get('authorization')
  const mine = businesses.filter(({ channel }) => given === `Bearer ${channel.accessToken}`)
  const named = mine.find(({ channel }) => url.pathname.includes(`/${channel.phoneNumberId}`))
  const found = named ?? mine[0] ?? businesses[0]
  if (!found) throw new Error('A simulator without a number')
  return found
}

/** The token that `debug_token` is asked about. */
export function tokenNamed(url: URL, businesses: readonly GraphApi[]): AccessToken {
  const named = url.searchParams.get('input_token')
  const found = businesses.find(({ channel }) => channel.accessToken === named)
  if (!found) throw invalid('The access token could not be decrypted')
  return found.token
}

/** Whoever sends a proof is checked by it (Meta, "Secure Graph API calls"). */
export function checkProof(url: URL, { channel }: GraphApi): void {
  const given = url.searchParams.get('appsecret_proof')
  if (given === null) return
  const right = createHmac('sha256', channel.appSecret).update(channel.accessToken).digest('hex')
  if (given !== right) throw invalid('Invalid appsecret_proof provided in the API argument')
}
