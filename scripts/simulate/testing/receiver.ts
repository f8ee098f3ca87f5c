import { createHmac } from 'node:crypto'
import { z } from 'zod'

const status = z.looseObject({
  id: z.string(),
  status: z.string(),
  recipient_id: z.string(),
  biz_opaque_callback_data: z.string().optional(),
  errors: z.array(z.looseObject({ code: z.number() })).optional(),
})
const message = z.looseObject({ id: z.string(), from: z.string(), type: z.string() })
const delivery = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(
    z.object({
      id: z.string(),
      changes: z.array(
        z.object({
          field: z.string(),
          value: z.looseObject({
            metadata: z.object({ display_phone_number: z.string(), phone_number_id: z.string() }).optional(),
            contacts: z.array(z.looseObject({ wa_id: z.string() })).optional(),
            messages: z.array(message).optional(),
            statuses: z.array(status).optional(),
          }),
        }),
      ),
    }),
  ),
})

/** A webhook for tests: keeps each POST that it took, and answers with what the test says. */
export function startReceiver(appSecret = 'demo-app-secret') {
  const refusals: number[] = []
  const bodies: Uint8Array[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      if (request.method === 'GET') return answerHandshake(new URL(request.url))
      const body = await request.bytes()
      const expected = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
      if (request.headers.get('x-hub-signature-256') !== expected) return new Response('', { status: 401 })
      const refusal = refusals.shift()
      if (refusal !== undefined) return new Response('', { status: refusal })
      bodies.push(body)
      return new Response('')
    },
  })
  const changes = () =>
    bodies
      .flatMap((body) => delivery.parse(JSON.parse(new TextDecoder().decode(body))).entry)
      .flatMap((entry) => entry.changes)
  const values = () => changes().map((change) => change.value)
  return {
    url: `${server.url.origin}/webhooks/whatsapp`,
    bodies,
    /** The next POSTs get these answers, one each. */
    refuse: (...answers: number[]) => void refusals.push(...answers),
    refusalsLeft: () => refusals.length,
    changes,
    values,
    messages: () => values().flatMap((value) => value.messages ?? []),
    statuses: () => values().flatMap((value) => value.statuses ?? []),
    stop: () => server.stop(true),
  }
}

function answerHandshake(url: URL): Response {
  const isOurs = url.searchParams.get('hub.verify_token') === 'demo-verify-token'
  return isOurs ? new Response(url.searchParams.get('hub.challenge')) : new Response('', { status: 403 })
}
