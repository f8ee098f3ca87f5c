import type { Queryable } from '../../db/client.ts'

/** A thread of so many messages; the newest is `endsAt`, the others stand `everySeconds` before each other. */
export type FilledThread = {
  conversationId: string
  count: number
  endsAt?: Date
  everySeconds?: number
}

/** The words of the message with this number, counted from 1, as far as they are the same for all kinds: what tests look for. */
export const wordsOf = (number: number) => `Message ${number}`
/** Its wamid. */
export const wamidOf = (conversationId: string, number: number) => `wamid.fill.${conversationId}.${number}`

/**
 * Fills a conversation with messages of every kind, half of them the customer's, in one statement: a hundred thousand take some
 * seconds. No events are written, so that a tab that is open does not hear of it. Every 40th message quotes one that stands 1,000
 * above it; every 20th is a picture whose file is told but not there, so that whoever asks for it decides when it comes.
 */
export async function fillThread(
  sql: Queryable,
  { conversationId, count, endsAt = new Date(), everySeconds = 600 }: FilledThread,
): Promise<void> {
  const endSecond = Math.floor(endsAt.getTime() / 1000)
  await sql`
    with place as (
      select c.id as conversation_id, c.workspace_id, c.channel_id, c.contact_id,
             (select s.agent_id from memberships s where s.workspace_id = c.workspace_id order by s.agent_id limit 1) as agent_id
      from conversations c where c.id = ${conversationId}
    ), lines as (
      select n, ${endSecond}::bigint - (${count}::bigint - n) * ${everySeconds}::bigint as second,
             case when n % 4 in (0, 1) then 'in' else 'out' end as direction,
             'Message ' || n || case n % 7
               when 0 then ': could you tell me when it will be here? I am at home from *nine* on, and nobody else is.'
               when 1 then ''
               when 2 then E': thank you\nand have a good day'
               when 3 then ': ' || repeat('we have it in oak, in ash and in walnut, each of them oiled twice by hand. ', 1 + n % 5)
               when 4 then ': https://example.com/orders/' || n
               else ': that is fine' end as words,
             case when n % 20 = 7 then 'image' when n % 20 = 3 then 'audio' when n % 40 = 11 then 'document'
                  when n % 40 = 15 then 'location' when n % 20 = 9 then 'emoji' when n % 40 = 18 then 'buttons'
                  else 'text' end as kind
      from generate_series(1, ${count}::int) n
    ), files as (
      insert into media (id, workspace_id, channel_id, conversation_id, direction, kind, state, mime_type, detected_type, filename,
        size_bytes, storage_key, width, height, duration_seconds, waveform, stored_at)
      select md5(${conversationId} || n)::uuid, p.workspace_id, p.channel_id, p.conversation_id, l.direction, l.kind, 'stored',
        t.type, t.type, case when l.kind = 'document' then 'order-' || n || '.pdf' end, 48000, 'filled/' || n,
        case when l.kind = 'image' then 400 + (n * 37) % 900 end, case when l.kind = 'image' then 300 + (n * 53) % 900 end,
        case when l.kind = 'audio' then 3 + n % 60 end,
        case when l.kind = 'audio' then (select json_agg((n * s * 31) % 100) from generate_series(1, 40) s) end, now()
      from lines l, place p, lateral (select case l.kind when 'image' then 'image/jpeg' when 'audio' then 'audio/ogg' else 'application/pdf' end as type) t
      where l.kind in ('image', 'audio', 'document')
    )
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content, context, media_id,
      wamid, client_message_id, agent_id, attempt, position, sent_at)
    select gen_random_uuid(), p.workspace_id, p.channel_id, p.conversation_id, l.direction,
      case when l.kind = 'emoji' then 'text' else l.kind end, case when l.direction = 'in' then 'received' else 'read' end,
      case when l.kind = 'emoji' then '🎉' when l.kind in ('audio', 'location') then null else l.words end,
      case l.kind
        when 'emoji' then json_build_object('kind', 'text', 'text', '🎉')
        when 'location' then json_build_object('kind', 'location', 'latitude', 52.5, 'longitude', 13.4, 'name', 'Message ' || n, 'address', null)
        when 'buttons' then json_build_object('kind', 'buttons', 'text', l.words, 'header', null, 'footer', 'Pick one',
          'buttons', json_build_array(json_build_object('id', 'a', 'title', 'Yes'), json_build_object('id', 'b', 'title', 'No')))
        when 'text' then json_build_object('kind', 'text', 'text', l.words)
        else json_build_object('kind', l.kind, 'mediaId', 'filled', 'mimeType', null, 'sha256', null,
          'caption', case when l.kind = 'image' then l.words end,
          'filename', case when l.kind = 'document' then 'order-' || n || '.pdf' end, 'isVoice', l.kind = 'audio', 'isAnimated', false)
      end,
      case when n % 40 = 0 and n > 1000
        then json_build_object('quotedWamid', 'wamid.fill.' || ${conversationId} || '.' || (n - 1000), 'forwarded', null, 'referral', null) end,
      case when l.kind in ('image', 'audio', 'document') then md5(${conversationId} || n)::uuid end,
      'wamid.fill.' || ${conversationId} || '.' || n, case when l.direction = 'out' then gen_random_uuid()::text end,
      case when l.direction = 'out' then p.agent_id end, case when l.direction = 'out' then 1 else 0 end,
      lpad(l.second::text, 10, '0') || lpad((l.second * 1000)::text, 13, '0') || lpad((n % 1000000)::text, 6, '0') || '00000',
      to_timestamp(l.second)
    from lines l, place p`
  await reactAndBump(sql, conversationId)
}

/** Every 30th message has the customer's reaction; the row of the conversation shows the newest message. */
async function reactAndBump(sql: Queryable, conversationId: string): Promise<void> {
  await sql`
    insert into message_reactions (channel_id, target_wamid, actor, emoji, position)
    select m.channel_id, m.wamid, 'contact:' || c.contact_id, '👍', m.position
    from messages m join conversations c on c.id = m.conversation_id
    where m.conversation_id = ${conversationId} and m.wamid like 'wamid.fill.%0' and m.direction = 'out'
    on conflict do nothing`
  await sql`
    update conversations c
    set last_message_id = last.id, last_position = last.position, last_inbound_at = now(), version = c.version + 1
    from (select id, position from messages where conversation_id = ${conversationId} order by position desc limit 1) last
    where c.id = ${conversationId} and last.position > c.last_position`
}
