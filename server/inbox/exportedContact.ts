import type { Queryable } from '../../db/client.ts'
import type { ContactWithAll } from './contactToErase.ts'

/** What is kept of a contact beside what was said. */
export type ExportedContact = {
  contact: {
    id: string
    kind: 'person' | 'group'
    profileName: string | null
    givenName: string | null
    phone: string | null
    username: string | null
    attributes: Record<string, string>
    identities: { kind: string; value: string; since: string }[]
    /** Set while they want no marketing, with what told us. */
    optedOutAt: string | null
    optOutSource: string | null
    createdAt: string
  }
  conversations: ExportedConversation[]
}

export type ExportedConversation = {
  id: string
  channel: string
  number: string
  isGroup: boolean
  status: string
  labels: string[]
  createdAt: string
  lastInboundAt: string | null
}

/** In the order of their conversations, groups last. Whoever calls has asked the policy. */
export async function exportedContact(
  sql: Queryable,
  { contact, conversations, groups }: ContactWithAll,
): Promise<ExportedContact> {
  const [row] = await sql<ExportedContact['contact'][]>`
    select c.id, c.kind, c.name as profile_name, c.given_name, c.phone, c.username, c.attributes,
      coalesce((
        select json_agg(json_build_object('kind', i.kind, 'value', i.value, 'since', i.created_at) order by i.created_at, i.id)
        from contact_identities i where i.contact_id = c.id
      ), '[]') as identities,
      c.opted_out_at, c.opt_out_source, c.created_at
    from contacts c where c.id = ${contact.id}`
  if (!row) throw new Error('A contact that was just found can not be read')
  const ids = [...conversations, ...groups].map((one) => one.id)
  const threads = await sql<ExportedConversation[]>`
    select c.id, channel.name as channel, channel.display_phone_number as number, c.contact_id <> ${contact.id} as is_group,
      c.status, c.created_at, c.last_inbound_at,
      array(select l.name from labels l where l.id = any(c.label_ids) order by l.name) as labels
    from conversations c join channels channel on channel.id = c.channel_id
    where c.id = any(${ids}::uuid[]) order by is_group, c.created_at, c.id`
  return { contact: row, conversations: [...threads] }
}
