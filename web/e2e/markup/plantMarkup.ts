import { openDatabase, type Sql } from '../../../db/client.ts'
import { MARKUP_PAYLOADS } from '../../../scripts/testing/attacks/markupPayloads.ts'
import type { Stack } from '../../../scripts/testing/stack.ts'
import { nextPosition } from '../../../server/inbox/position.ts'
import { type Delivery, delivery, post, seconds } from '../../../server/testing/delivery.ts'
import { eventually } from '../../../server/testing/eventually.ts'

/** The parts of a message that a customer decides, each with the payload in it. */
const partsOf = (payload: string, index: number): Delivery[] => [
  { type: 'text', text: { body: payload } },
  { type: 'image', image: { id: `none-${index}-1`, mime_type: payload, caption: payload } },
  {
    type: 'document',
    document: { id: `none-${index}-2`, mime_type: 'text/html', filename: payload, caption: payload },
  },
  {
    type: 'interactive',
    interactive: { type: 'button_reply', button_reply: { id: payload, title: payload } },
  },
  {
    type: 'interactive',
    interactive: { type: 'list_reply', list_reply: { id: payload, title: payload, description: payload } },
  },
  { type: 'button', button: { text: payload, payload } },
  {
    type: 'location',
    location: { latitude: 1, longitude: 2, name: payload, address: payload, url: payload },
  },
  {
    type: 'contacts',
    contacts: [
      {
        name: { formatted_name: payload },
        org: { company: payload },
        phones: [{ phone: payload, type: payload }],
        emails: [{ email: payload }],
        urls: [{ url: payload }],
      },
    ],
  },
  { type: payload, [payload]: { body: payload } },
  { type: 'unsupported', errors: [{ code: 131051, title: payload, error_data: { details: payload } }] },
  {
    type: 'text',
    text: { body: payload },
    referral: { source_type: 'ad', source_url: payload, headline: payload, body: payload },
    context: { from: '1', id: `wamid.markup.${index}.0` },
  },
]

const PLACES = partsOf('', 0).length
const numberOf = (index: number) => `1650${String(5_560_000 + index)}`

/** A thread that shows every payload in one way, and how many bubbles that makes. */
export type MarkupThread = { conversationId: string; bubbles: number }

/**
 * An inbox of markup: a customer of each name; the first of them write every payload in one way each, and are written to in
 * every way; and colleagues who call everything so.
 */
export async function plantMarkup(stack: Stack): Promise<MarkupThread[]> {
  const { sql, close } = openDatabase(stack.databaseUrl, { connections: 2 })
  let expected = 0
  for (const [index, name] of MARKUP_PAYLOADS.entries()) {
    const from = numberOf(index)
    // Who has no way of their own says their own payload once.
    const parts =
      index < PLACES
        ? MARKUP_PAYLOADS.map((payload, at) => partsOf(payload, at)[index] ?? {})
        : [{ type: 'text', text: { body: name } }]
    const messages = parts.map((part, at) => {
      return { from, id: `wamid.markup.${index}.${at}`, timestamp: seconds(new Date()), ...part }
    })
    expected += messages.length
    const dead = { from, type: 'text', text: { body: name } }
    const contacts = [{ profile: { name }, wa_id: from }]
    const response = await post(stack.url, delivery({ contacts, messages: [...messages, dead] }))
    if (response.status !== 200) throw new Error(`A delivery was answered with ${response.status}`)
  }
  await eventually(
    async () => {
      const [row] = await sql<{ count: number }[]>`
        select count(*)::int from messages where wamid like 'wamid.markup.%'`
      return row?.count === expected
    },
    { withinMs: 60_000, what: 'all of them are stored' },
  )
  const threads: MarkupThread[] = []
  for (const [index, name] of MARKUP_PAYLOADS.entries()) {
    const payload = name.toWellFormed().replaceAll('\u0000', '')
    const place = await placeOf(sql, index)
    await surround(sql, place, index, payload)
    if (index < PLACES) {
      const sent = SENT[index] ? await sendAll(sql, place, SENT[index]) : 0
      threads.push({ conversationId: place.id, bubbles: MARKUP_PAYLOADS.length + sent })
    }
  }
  await putAllOnOne(sql, await placeOf(sql, 0))
  // Read, so that each thread opens at its end.
  await sql`update conversations set unread_count = 0`
  await close()
  return threads
}

/** The first customer has every label and every detail. */
async function putAllOnOne(sql: Sql, { id, contactId }: Place): Promise<void> {
  const texts = MARKUP_PAYLOADS.map((payload) => payload.toWellFormed().replaceAll('\u0000', ''))
  const attributes = JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])))
  await sql`update conversations set label_ids = array(select l.id from labels l) where id = ${id}`
  await sql`update contacts set attributes = ${attributes}::text::json where id = ${contactId}`
}

type Place = { id: string; workspaceId: string; channelId: string; contactId: string; lastPosition: string }

async function placeOf(sql: Sql, index: number): Promise<Place> {
  const [place] = await sql<Place[]>`
    select c.id, c.workspace_id, c.channel_id, c.contact_id, c.last_position
    from conversations c join messages m on m.conversation_id = c.id where m.wamid = ${`wamid.markup.${index}.0`}`
  if (!place) throw new Error('The conversation is not there')
  return place
}

/** What colleagues write: a label, a name, a note, a template, a canned reply, a detail, a channel … */
async function surround(sql: Sql, place: Place, index: number, payload: string): Promise<void> {
  const { id, workspaceId, channelId, contactId } = place
  const [labelId, agentId, roleId, teamId] = [id, id, id, id].map(() => Bun.randomUUIDv7())
  const unique = `${payload} ${index}`
  const json = (value: unknown) => JSON.stringify(value)
  await sql`insert into labels (id, workspace_id, name, colour) values (${labelId ?? ''}, ${workspaceId}, ${unique}, 'red')`
  await sql`insert into agents (id, name, email) values (${agentId ?? ''}, ${payload}, ${`${index}@markup.baton`})`
  await sql`
    insert into roles (id, workspace_id, name, reach, permissions)
    values (${roleId ?? ''}, ${workspaceId}, ${unique}, 'own', '{conversations.read}')`
  await sql`
    insert into memberships (workspace_id, agent_id, role, role_id)
    values (${workspaceId}, ${agentId ?? ''}, 'custom', ${roleId ?? ''})`
  await sql`insert into teams (id, workspace_id, name) values (${teamId ?? ''}, ${workspaceId}, ${unique})`
  await sql`insert into team_members (team_id, agent_id) values (${teamId ?? ''}, ${agentId ?? ''})`
  await sql`
    update conversations set label_ids = ${[labelId ?? '']}::uuid[], assignee_id = ${agentId ?? ''}, team_id = ${teamId ?? ''}
    where id = ${id}`
  await sql`
    update contacts set attributes = ${json({ [payload]: payload })}::text::json, username = ${payload} where id = ${contactId}`
  await sql`
    insert into canned_replies (id, workspace_id, shortcut, title, body)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${`x${index}`}, ${payload}, ${payload})`
  await sql`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${payload}, ${`markup-${index}`}, ${payload}, '1')`
  await sql`
    insert into api_keys (id, workspace_id, agent_id, name, prefix, hash, scopes)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${agentId ?? ''}, ${payload}, 'baton_', ${unique}, '{read}')`
  await sql`
    insert into audit_entries (id, workspace_id, actor_id, action, details)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${agentId ?? ''}, 'label.saved', ${json({ name: payload, [payload]: payload })}::text::json)`
  const header = { type: 'HEADER', format: 'TEXT', text: payload }
  const buttons = [{ type: 'URL', text: payload, url: payload }]
  const components = [
    header,
    { type: 'BODY', text: payload },
    { type: 'FOOTER', text: payload },
    { type: 'BUTTONS', buttons },
  ]
  await sql`
    insert into templates (id, workspace_id, business_account_id, graph_id, name, language, category, status, components, synced_at)
    select ${Bun.randomUUIDv7()}, ${workspaceId}, business_account_id, ${`t${index}`}, ${unique}, 'en', 'UTILITY', 'APPROVED',
      ${json(components)}::text::json, now() from channels where id = ${channelId}`
}

type Content = (payload: string) => object

const framed: Content = (payload) => ({ text: payload, header: payload, footer: payload })
const row: Content = (payload) => ({ id: payload, title: payload, description: payload })

/** What agents and programs send, or write for themselves. */
const SENT: [kind: string, content: Content][] = [
  ['note', (text) => ({ kind: 'note', text, mentions: [{ id: Bun.randomUUIDv7(), name: text }] })],
  ['buttons', (text) => ({ kind: 'buttons', buttons: [{ id: 'x', title: text }], ...framed(text) })],
  [
    'list',
    (text) => ({
      kind: 'list',
      button: text,
      sections: [{ title: text, rows: [row(text)] }],
      ...framed(text),
    }),
  ],
  ['cta_url', (text) => ({ kind: 'cta_url', title: text, url: text, ...framed(text) })],
  [
    'template',
    (text) => ({
      kind: 'template',
      templateId: Bun.randomUUIDv7(),
      name: text,
      language: 'en',
      category: 'UTILITY',
      header: { format: 'text', text },
      body: text,
      footer: text,
      buttons: [{ type: 'URL', text, value: text }],
      filled: { header: null, body: [], buttons: [] },
    }),
  ],
]

/** As it stands in the database when it was sent and failed, with a reason in the same words. */
async function sendAll(sql: Sql, place: Place, [type, contentOf]: [string, Content]): Promise<number> {
  let position = place.lastPosition
  for (const payload of MARKUP_PAYLOADS) {
    const text = payload.toWellFormed().replaceAll('\u0000', '')
    const now = new Date()
    position = nextPosition(now, position)
    const isNote = type === 'note'
    const error = isNote ? null : JSON.stringify({ code: 131026, title: text, details: text })
    await sql`
      insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content, attempt,
        position, sent_at, error)
      values (${Bun.randomUUIDv7()}, ${place.workspaceId}, ${place.channelId}, ${place.id}, ${isNote ? 'note' : 'out'}, ${type},
        ${isNote ? 'sent' : 'failed'}, ${text}, ${JSON.stringify(contentOf(text))}::text::json, 1, ${position}, ${now},
        ${error}::text::json)`
  }
  return MARKUP_PAYLOADS.length
}
