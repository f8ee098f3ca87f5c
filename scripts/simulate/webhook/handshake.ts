import { randomInt } from 'node:crypto'
import type { Channel } from '../channel.ts'

/** Meta's handshake: true when the webhook knows the verify token and answers with the bare challenge. */
export async function shakeHands(webhookUrl: string, channel: Channel): Promise<boolean> {
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000))
  const url = new URL(webhookUrl)
  url.searchParams.set('hub.mode', 'subscribe')
  url.searchParams.set('hub.challenge', challenge)
  url.searchParams.set('hub.verify_token', channel.verifyToken)
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
    return answer.status === 200 && (await answer.text()) === challenge
  } catch {
    return false
  }
}
