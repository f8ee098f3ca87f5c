import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { Json } from '../whatsapp/content.ts'

/** An item that could not be stored, and the delivery it came in. */
export type DeadLetter = {
  workspaceId: string | null
  streamId: string
  /** Where it stood in the body, such as `entry[0].changes[1].value.messages[2]`; '' for the body as a whole. */
  path: string
  /** A stable word. */
  reason: string
  detail: string | null
  item: Json
  body: Uint8Array
}

/** Keeps items that could not be stored, once each, so that nothing that was accepted is ever dropped. */
export async function keepDeadLetters(tx: Transaction, letters: readonly DeadLetter[]): Promise<void> {
  if (letters.length === 0) return
  const rows = letters.map(({ body, ...letter }) => ({
    id: Bun.randomUUIDv7(),
    ...letter,
    ...readable(body),
  }))
  await tx`
    insert into dead_letters (id, workspace_id, stream_id, path, reason, detail, item, raw, raw_bytes)
    select r.id, r."workspaceId", r."streamId", r.path, r.reason, r.detail, r.item, r.raw, decode(r.hex, 'hex')
    from ${unnest(tx, rows, {
      id: 'uuid',
      workspaceId: 'uuid',
      streamId: 'text',
      path: 'text',
      reason: 'text',
      detail: 'text',
      item: 'json',
      raw: 'text',
      hex: 'text',
    })}
    on conflict (stream_id, path) do nothing`
}

/** The body as text; as bytes too, where the text alone would lose something. */
function readable(body: Uint8Array): { raw: string; hex: string | null } {
  const text = new TextDecoder().decode(body)
  const isLossless = !text.includes('\u0000') && Buffer.from(text).equals(body)
  if (isLossless) return { raw: text, hex: null }
  return { raw: text.replaceAll('\u0000', '\ufffd'), hex: Buffer.from(body).toString('hex') }
}
