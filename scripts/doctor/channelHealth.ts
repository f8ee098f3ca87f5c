import type { Env } from '../../server/env.ts'
import { type Finding, fine, problem } from './finding.ts'

const WITHIN_MS = 10_000

/** Asks the Graph API about the number that the environment names, with the token that it gives. */
export async function channelHealth(env: Env): Promise<Finding[]> {
  if (env.phoneNumberId === null) {
    return [
      problem('WhatsApp number', 'WHATSAPP_PHONE_NUMBER_ID is not set', 'copy it from the WhatsApp Manager'),
    ]
  }
  const what = 'WhatsApp number'
  try {
    const response = await fetch(`${env.whatsappApiUrl}/${env.phoneNumberId}`, {
      headers: { authorization: `Bearer ${env.accessToken}` },
      signal: AbortSignal.timeout(WITHIN_MS),
    })
    if (response.ok) return [fine(what, 'the Graph API knows it and takes the token')]
    const body: unknown = await response.json().catch(() => null)
    return [
      problem(
        what,
        `the Graph API answers ${response.status}${codeIn(body)}`,
        'check WHATSAPP_ACCESS_TOKEN and WHATSAPP_PHONE_NUMBER_ID',
      ),
    ]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [
      problem(
        what,
        `the Graph API can not be reached: ${reason}`,
        'check WHATSAPP_API_URL and the way out of this machine',
      ),
    ]
  }
}

function codeIn(body: unknown): string {
  const text = JSON.stringify(body) ?? ''
  const code = /"code":(\d+)/.exec(text)?.[1]
  return code ? ` (${code})` : ''
}
