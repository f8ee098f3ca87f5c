import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { canonicalPhone, isBusinessScopedId, isParentBusinessScopedId } from '../whatsapp/phone.ts'
import type { AddedMessage } from './insertMessages.ts'

/**
 * When WhatsApp says that a customer has a new number or user id, the contact is known by it from then on, so the thread
 * goes on where it was. An id that another contact has by now stays there: joining two contacts is for people to decide.
 */
export async function followNewIds(tx: Transaction, added: readonly AddedMessage[]): Promise<void> {
  const rows = added.flatMap(({ workspaceId, contactId, authorContactId, message }) => {
    if (message.content.kind !== 'system') return []
    return message.content.newIds.map((id) => ({
      id: Bun.randomUUIDv7(),
      workspaceId,
      contactId: authorContactId ?? contactId,
      kind: kindOf(id),
      value: canonicalPhone(id),
      written: id,
    }))
  })
  if (rows.length === 0) return
  await tx`
    with named as (
      insert into contact_identities (id, workspace_id, contact_id, kind, value)
      select r.id, r."workspaceId", r."contactId", r.kind, r.value
      from ${unnest(tx, rows, {
        id: 'uuid',
        workspaceId: 'uuid',
        contactId: 'uuid',
        kind: 'text',
        value: 'text',
        written: 'text',
      })}
      on conflict (workspace_id, kind, value) do nothing
      returning contact_id, kind, value
    )
    update contacts c set phone = r.written
    from ${unnest(tx, rows, {
      id: 'uuid',
      workspaceId: 'uuid',
      contactId: 'uuid',
      kind: 'text',
      value: 'text',
      written: 'text',
    })}
    join named on named.contact_id = r."contactId" and named.kind = 'phone' and named.value = r.value
    where c.id = r."contactId" and r.kind = 'phone'`
}

function kindOf(id: string): 'phone' | 'bsuid' | 'parent_bsuid' {
  if (isParentBusinessScopedId(id)) return 'parent_bsuid'
  return isBusinessScopedId(id) ? 'bsuid' : 'phone'
}
