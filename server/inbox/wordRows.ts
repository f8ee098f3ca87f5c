import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { changesOf } from './readMessages.ts'
import { distinctWords, endsOfNumber } from './words.ts'

type MessageText = {
  id: string
  workspaceId: string
  channelId: string
  conversationId: string
  direction: string
  position: string
  body: string | null
  filename: string | null
}

/** What changes another message is found with that one. */
const WORDLESS_TYPES = ['reaction', 'edit', 'revoke']

/** Writes the words of these messages as they are now: the newest ones of what was edited, none of what was taken back. */
export async function messageWords(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const messages = await tx<MessageText[]>`
    select m.id, m.workspace_id, m.channel_id, m.conversation_id, m.direction, m.position,
           coalesce(edit.newest ->> 'body', m.body) as body, m.content ->> 'filename' as filename
    from messages m
    ${changesOf(tx)}
    where m.id = any(${[...ids]}::uuid[]) and m.type <> all(${WORDLESS_TYPES}) and revoke.at is null
    order by m.id`
  const rows = messages.flatMap(({ body, filename, ...row }) => {
    const words = distinctWords(body, filename)
    return words.length === 0 ? [] : [{ ...row, words }]
  })
  const kept = new Set(rows.map((row) => row.id))
  const wordless = ids.filter((id) => !kept.has(id))
  if (wordless.length > 0) await tx`delete from message_words where message_id = any(${wordless}::uuid[])`
  if (rows.length === 0) return
  await tx`
    insert into message_words as w (message_id, workspace_id, channel_id, conversation_id, direction, position, words)
    select r.id, r."workspaceId", r."channelId", r."conversationId", r.direction, r.position,
      array_to_tsvector(array(select json_array_elements_text(r.words)))
    from ${unnest(tx, rows, {
      id: 'uuid',
      workspaceId: 'uuid',
      channelId: 'uuid',
      conversationId: 'uuid',
      direction: 'text',
      position: 'text',
      words: 'json',
    })}
    on conflict (message_id) do update set words = excluded.words
    where w.words <> excluded.words`
}

/** Messages that came to these conversations from others, with their words and their places. */
export async function moveWords(tx: Transaction, intoIds: readonly string[]): Promise<void> {
  if (intoIds.length === 0) return
  await tx`
    update message_words w set conversation_id = m.conversation_id, position = m.position
    from messages m
    where m.conversation_id = any(${[...intoIds]}::uuid[]) and w.message_id = m.id
      and (w.conversation_id, w.position) is distinct from (m.conversation_id, m.position)`
}

type ContactText = {
  id: string
  workspaceId: string
  name: string | null
  givenName: string | null
  username: string | null
  phone: string | null
}

/** Writes the words by which these contacts are found, as they are now. */
export async function contactWords(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const contacts = await tx<ContactText[]>`
    select id, workspace_id, name, given_name, username, phone from contacts where id = any(${[...ids]}::uuid[]) order by id`
  const rows = contacts.map(({ id, workspaceId, name, givenName, username, phone }) => ({
    id,
    workspaceId,
    words: [...new Set([...distinctWords(name, givenName, username), ...endsOfNumber(phone)])],
  }))
  await tx`
    insert into contact_words as w (contact_id, workspace_id, words)
    select r.id, r."workspaceId", array_to_tsvector(array(select json_array_elements_text(r.words)))
    from ${unnest(tx, rows, { id: 'uuid', workspaceId: 'uuid', words: 'json' })}
    on conflict (contact_id) do update set words = excluded.words
    where w.words <> excluded.words`
}
