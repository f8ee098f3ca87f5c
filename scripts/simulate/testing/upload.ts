import { z } from 'zod'
import type { Simulator } from '../simulator.ts'

/** Uploads a file as the business; the id that WhatsApp gives it. Throws with the answer when it is refused. */
export async function upload(
  { apiUrl, channel }: Simulator,
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<string> {
  const form = new FormData()
  form.set('messaging_product', 'whatsapp')
  form.set('type', type)
  form.set('file', new File([bytes], 'file', { type }))
  const answer = await fetch(`${apiUrl}/${channel.phoneNumberId}/media`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${channel.accessToken}` },
    body: form,
  })
  const body = await answer.text()
  if (!answer.ok) throw new Error(body)
  return z.object({ id: z.string() }).parse(JSON.parse(body)).id
}
