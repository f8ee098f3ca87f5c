import { deliveryRequest } from './deliveries.ts'
import type { Plan } from './plan.ts'

/** Makes the requests of a plan one after the other. */
export type NextRequest = () => { request: Uint8Array; first: number }

/** The maker of a plan's requests: signed webhooks, or `messages.send` of agents who are signed in. */
export function requestsOf({ what }: Plan): NextRequest {
  let number = 0
  if (what.kind === 'webhook') {
    const { messagesPerPost } = what
    return () => {
      const first = number
      number += messagesPerPost
      return { request: deliveryRequest(what, first, messagesPerPost), first }
    }
  }
  const { cookies, conversationIds } = what
  return () => {
    const first = number++
    const input = {
      conversationId: conversationIds[(first * 31) % conversationIds.length],
      clientMessageId: Bun.randomUUIDv7(),
      body: `Your parcel leaves today. (${first})`,
    }
    return { request: sendRequest(cookies[first % cookies.length] ?? '', JSON.stringify(input)), first }
  }
}

function sendRequest(cookie: string, body: string): Buffer {
  return Buffer.from(
    'POST /trpc/messages.send HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n' +
      `Cookie: ${cookie}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
