import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repeatable } from '../../db/repeatable.ts'
import { removeMedia } from '../jobs/removeMedia.ts'
import { createLog } from '../log.ts'
import { storeFile } from '../media/storeFile.ts'
import { type MediaStore, openMediaStore } from '../storage/mediaStore.ts'
import { type Delivery, delivery, seconds, statusDelivery, textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { graphThat, TestOutbox } from '../testing/testOutbox.ts'
import { reachTo } from '../testing/testReach.ts'
import { filesWith, tablesWith } from '../testing/whereFound.ts'
import { addNote } from './addNote.ts'
import { eraseContact } from './eraseContact.ts'
import { forgetErased } from './erasedIds.ts'
import { contactInventory } from './erasurePreview.ts'
import { indexWords } from './indexWords.ts'
import { mergeContacts } from './mergeContacts.ts'
import { readContact } from './readContact.ts'
import { erasurePage } from './readErasures.ts'
import { scheduleMessage } from './scheduleMessage.ts'
import { claimMedia, settleMedia } from './settleMedia.ts'
import { insideOfWamids } from './signsOf.ts'
import { updateContact } from './updateContact.ts'

let inbox: TestOutbox
let folder: string
let store: MediaStore
let persons = 0
/** Somebody whose name, numbers and words nobody else has. */
let them: Person
/** All that was delivered of them. */
let delivered: Delivery[]

type Person = { name: string; phone: string; otherPhone: string; word: string; wamid(of: string): string }

beforeAll(async () => {
  inbox = await TestOutbox.open()
  folder = await mkdtemp(join(tmpdir(), 'baton-erased-'))
  store = openMediaStore(`file:${folder}`)
})
afterAll(async () => {
  await inbox.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  them = person()
  delivered = []
})

function person(): Person {
  const number = 1000 + persons++
  const phone = `1${number}5558000`
  return {
    name: `Zebulon Quixotte${number}`,
    phone,
    otherPhone: `1${number}5559000`,
    word: `marmalade${number}`,
    wamid: (of) =>
      `wamid.${Buffer.from(`\x1c\x18\x0b${phone}\x15\x02\x00\x12\x18\x14${of}`).toString('base64')}`,
  }
}

const sql = () => inbox.workspace.sql
const reach = () => reachTo([inbox.workspace.channelId])
const log = createLog({ level: 'silent', name: 'test' })
const never = new AbortController().signal
const signs = (of = them) => [
  of.name,
  of.name.split(' ')[1] ?? '',
  of.word,
  ...[of.phone, of.otherPhone].flatMap((number) => [number, ...insideOfWamids(number)]),
]
const receive = async (body: Delivery) => {
  delivered.push(body)
  await inbox.receive(body)
}
const says = (of: string, text: string, from = them.phone) =>
  named(textDelivery(them.wamid(of), text, from, inbox.clock))
/** The profile of a delivery has their name. */
const named = (body: Delivery): Delivery =>
  JSON.parse(JSON.stringify(body).replaceAll('Sheena Nelson', them.name))
const contactOf = async (phone: string) => {
  const [row] = await sql()<{ id: string; conversationId: string }[]>`
    select i.contact_id as id, c.id as conversation_id from contact_identities i
    join conversations c on c.contact_id = i.contact_id where i.value = ${phone}`
  return row ?? { id: '', conversationId: '' }
}
const erase = (contactId: string, name = them.name) =>
  repeatable(sql(), (tx) =>
    eraseContact(tx, { agent: inbox.agent, reach: reach(), contactId, name }, inbox.clock),
  )
const indexed = async () => {
  const { workspaceId } = inbox.workspace
  while ((await repeatable(sql(), (tx) => indexWords(tx, workspaceId, 500)))?.hasMore);
}
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.reason,
  )

/** Everything that the inbox can hold of somebody. Answers with their contact. */
async function holdsEverything(): Promise<{ contactId: string; conversationId: string }> {
  const { workspaceId, channelId } = inbox.workspace
  await receive(says('1', `I like ${them.word}`))
  await receive(says('2', `${them.word} from my other number`, them.otherPhone))
  await joined()
  const { id: contactId, conversationId } = await contactOf(them.phone)
  await receive(
    delivery({
      contacts: [{ profile: { name: them.name }, wa_id: them.phone }],
      messages: [
        {
          from: them.phone,
          id: them.wamid('3'),
          timestamp: seconds(inbox.clock),
          type: 'document',
          document: {
            id: `media${them.phone}`,
            filename: `${them.name}.pdf`,
            mime_type: 'application/pdf',
            caption: them.word,
          },
        },
      ],
    }),
  )
  await storesFile(conversationId)
  await receive(statusDelivery(them.wamid('echo'), 'read', { recipient_id: them.phone }))
  await receive(
    delivery({
      contacts: [{ profile: { name: them.name }, wa_id: them.phone }],
      messages: [
        {
          from: them.phone,
          id: them.wamid('4'),
          timestamp: seconds(inbox.clock),
          type: 'reaction',
          reaction: { message_id: them.wamid('1'), emoji: '👍' },
        },
      ],
    }),
  )
  await receive(
    delivery(
      {
        contacts: [{ profile: { name: them.name }, wa_id: them.phone }],
        user_preferences: [
          {
            wa_id: them.phone,
            detail: 'User requested to stop marketing messages',
            category: 'marketing_messages',
            value: 'stop',
            timestamp: Number(seconds(inbox.clock)),
          },
        ],
      },
      'user_preferences',
    ),
  )
  const { agent } = inbox
  await repeatable(sql(), (tx) =>
    updateContact(tx, { agent, reach: reach(), contactId, attributes: { Likes: them.word } }),
  )
  await repeatable(sql(), (tx) =>
    addNote(
      tx,
      {
        agent,
        reach: reach(),
        conversationId,
        clientMessageId: Bun.randomUUIDv7(),
        text: `${them.name} is nice`,
        mentionIds: [],
      },
      inbox.clock,
    ),
  )
  const graph = graphThat(() => ({ sent: them.wamid('sent') }))
  await inbox.running(graph, async () => {
    await inbox.send(conversationId, `Dear ${them.name}`)
    inbox.ring()
    await eventually(async () => (await inbox.states()).every((state) => state === 'sent'))
  })
  await receive(statusDelivery(them.wamid('sent'), 'delivered', { recipient_id: them.phone }))
  await inbox.send(conversationId, `Not sent yet, ${them.word}`)
  await repeatable(sql(), (tx) =>
    scheduleMessage(
      tx,
      {
        agent,
        reach: reach(),
        conversationId,
        clientMessageId: Bun.randomUUIDv7(),
        content: { kind: 'text', text: `Later, ${them.word}` },
        sendAt: new Date(inbox.clock.getTime() + 3_600_000),
      },
      inbox.clock,
    ),
  )
  await sql()`
    insert into drafts (conversation_id, agent_id, workspace_id, body, version, updated_at)
    values (${conversationId}, ${agent.id}, ${workspaceId}, ${`Dear ${them.word}`}, 1, now())`
  await receive(
    delivery({
      contacts: [{ profile: { name: them.name }, wa_id: them.phone }],
      messages: [{ from: them.phone, type: 'text', text: { body: them.word } }],
    }),
  )
  expect(await sql()`select 1 from dead_letters where workspace_id = ${workspaceId} limit 1`).toHaveLength(1)
  expect(await sql()`select 1 from joined_conversations limit 1`).toHaveLength(1)
  expect(channelId).not.toBe('')
  await indexed()
  return { contactId, conversationId }
}

/** Their two numbers become one contact, so that a former conversation stands in the log. */
async function joined() {
  const [one, other] = [await contactOf(them.phone), await contactOf(them.otherPhone)]
  const merge = { agent: inbox.agent, reach: reach(), intoContactId: one.id, contactId: other.id }
  await repeatable(sql(), (tx) => mergeContacts(tx, merge))
}

async function storesFile(conversationId: string) {
  const [row] = await sql()<{ id: string }[]>`select id from media where conversation_id = ${conversationId}`
  const bytes = new TextEncoder().encode(`%PDF of ${them.name}`)
  const kept = await storeFile(store, new Response(bytes).body ?? new ReadableStream())
  await claimMedia(sql(), row?.id ?? '')
  const { key: storageKey, sizeBytes, sha256 } = kept
  const looks = { thumbnailKey: null, width: null, height: null, durationSeconds: null, waveform: null }
  const file = { detectedType: 'application/pdf', storageKey, sizeBytes, sha256, ...looks }
  await repeatable(sql(), (tx) => settleMedia(tx, row?.id ?? '', { state: 'stored', file }, inbox.clock))
}

describe('somebody who is erased', () => {
  test('is found nowhere afterwards: not in a table, not in a file', async () => {
    const { contactId } = await holdsEverything()
    // Were they not found before, it would say nothing that they are not found afterwards.
    const before = await tablesWith(sql(), signs())
    expect(before).toEqual([
      'channel_events',
      'contact_identities',
      'contact_words',
      'contacts',
      'dead_letters',
      'drafts',
      'events',
      'media',
      'message_attempts',
      'message_reactions',
      'message_statuses',
      'message_words',
      'messages',
      'scheduled_messages',
    ])
    expect(await filesWith(folder, signs())).toHaveLength(1)

    const told = await contactInventory(sql(), { agent: inbox.agent, reach: reach(), contactId })
    const { erasureId } = await erase(contactId)
    await removeMedia({ sql: sql(), store, log }, never)
    await indexed()
    expect(await tablesWith(sql(), signs())).toEqual([])
    expect(await filesWith(folder, signs())).toEqual([])

    const { receipts } = await erasurePage(sql(), inbox.workspace.workspaceId, { id: erasureId, limit: 1 })
    const [receipt] = receipts
    expect(receipt).toMatchObject({ contactId, isIntact: true, filesLeft: 0, actor: { name: 'Ana' } })
    expect(receipt?.counts).toMatchObject({
      conversations: told.conversations,
      messages: told.messages,
      notes: 1,
      files: 1,
      drafts: 1,
      unsent: told.scheduled + told.queued,
      deadLetters: 1,
    })
    expect(told).toMatchObject({
      name: them.name,
      messages: 6,
      files: 1,
      drafts: 1,
      scheduled: 1,
      queued: 1,
      sending: 0,
    })
  })

  test('leaves others as they are, also in what came with theirs', async () => {
    const other = person()
    await inbox.receive(textDelivery(`wamid.${other.phone}`, other.word, other.phone, inbox.clock))
    // One delivery with a message of each, of which that of the other could not be stored.
    const both = delivery({
      contacts: [
        { profile: { name: them.name }, wa_id: them.phone },
        { profile: { name: other.name }, wa_id: other.phone },
      ],
      messages: [
        {
          from: them.phone,
          id: them.wamid('1'),
          timestamp: seconds(inbox.clock),
          type: 'text',
          text: { body: them.word },
        },
        { from: other.phone, timestamp: seconds(inbox.clock), type: 'text', text: { body: other.word } },
      ],
    })
    await inbox.receive(both)
    const before = await tablesWith(sql(), [other.phone, other.word])
    await erase((await contactOf(them.phone)).id)
    expect(await tablesWith(sql(), signs())).toEqual([])
    expect(await tablesWith(sql(), [other.phone, other.word])).toEqual(before)
    const [letter] = await sql()<{ raw: string; path: string }[]>`
      select raw, path from dead_letters where raw like ${`%${other.phone}%`}`
    expect(letter?.path).toBe('entry[0].changes[0].value.messages[1]')
    expect(JSON.parse(letter?.raw ?? '{}').entry[0].changes[0].value.messages).toEqual([
      null,
      expect.anything(),
    ])
  })

  test('does not come back when WhatsApp delivers the same once more, and not by a late status', async () => {
    const { contactId } = await holdsEverything()
    await erase(contactId)
    const readable = delivered.slice(0, -1) // what could never be read has no id to know it by
    for (const body of readable) await inbox.receive(body)
    for (const status of ['sent', 'read', 'failed'])
      await inbox.receive(statusDelivery(them.wamid('sent'), status, { recipient_id: them.phone }))
    expect(await tablesWith(sql(), signs())).toEqual([])
    // Without what is remembered of them they would be back, so it is this that keeps them away.
    await forgetErased(sql(), new Date(inbox.clock.getTime() + 11 * 86_400_000))
    expect(await sql()`select 1 from erased_ids`).toHaveLength(0)
    for (const body of readable) await inbox.receive(body)
    expect(await tablesWith(sql(), signs())).toContain('messages')
  })

  test('is somebody new when they write again, and what they said before stays away', async () => {
    await receive(says('1', `I like ${them.word}`))
    const { id } = await contactOf(them.phone)
    await erase(id)
    await inbox.receive(says('2', 'Good morning'))
    const again = await contactOf(them.phone)
    expect(again.id).not.toBe('')
    expect(again.id).not.toBe(id)
    expect(await tablesWith(sql(), [them.word])).toEqual([])
    expect((await readContact(sql(), again.id, reach())).conversations).toHaveLength(1)
  })

  test('who writes at that very moment is stored as somebody new, and nothing is lost', async () => {
    await receive(says('1', them.word))
    const { id } = await contactOf(them.phone)
    const held = Promise.withResolvers<void>()
    const isErased = Promise.withResolvers<void>()
    const erasing = sql().begin(async (tx) => {
      await eraseContact(
        tx,
        { agent: inbox.agent, reach: reach(), contactId: id, name: them.name },
        inbox.clock,
      )
      isErased.resolve()
      await held.promise
    })
    await isErased.promise
    const writing = Promise.all([
      inbox.receive(says('2', 'Good morning')),
      inbox.receive(says('1', them.word)),
    ])
    await eventually(async () => {
      const [row] = await sql()<{ count: number }[]>`
        select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      return (row?.count ?? 0) >= 1
    })
    held.resolve()
    await Promise.all([erasing, writing])
    const again = await contactOf(them.phone)
    expect(again.id).not.toBe(id)
    const texts = await sql()<{ body: string }[]>`
      select body from messages where conversation_id = ${again.conversationId}`
    expect(texts.map((row) => row.body)).toContain('Good morning')
  })
})

describe('an erasure', () => {
  test('is refused while a message is on its way, and under another name', async () => {
    await receive(says('1', them.word))
    const { id, conversationId } = await contactOf(them.phone)
    expect(await reasonOf(erase(id, 'Somebody else'))).toBe('INPUT_INVALID')
    await inbox.send(conversationId, 'Dear')
    await sql()`update outbox set state = 'sending' where conversation_id = ${conversationId}`
    expect(await reasonOf(erase(id))).toBe('WRONG_STATE')
    expect(await tablesWith(sql(), [them.word])).not.toEqual([])
    await sql()`update outbox set state = 'sent' where conversation_id = ${conversationId}`
    expect(await reasonOf(erase(id))).toBe('none')
  })

  test('is refused to who does not see all of it', async () => {
    await receive(says('1', them.word))
    const { id: contactId } = await contactOf(them.phone)
    const request = { agent: inbox.agent, reach: reachTo([]), contactId, name: them.name }
    expect(await reasonOf(repeatable(sql(), (tx) => eraseContact(tx, request, inbox.clock)))).toBe(
      'NOT_FOUND',
    )
  })

  test('takes what somebody said in a group, and leaves the group to the others', async () => {
    const group = `group${them.word}`.replace('marmalade', 'of')
    const other = person()
    const inGroup = (from: string, name: string, wamid: string, body: string) =>
      delivery({
        contacts: [{ profile: { name }, wa_id: from }],
        messages: [
          { from, id: wamid, group_id: group, timestamp: seconds(inbox.clock), type: 'text', text: { body } },
        ],
      })
    await inbox.receive(inGroup(other.phone, other.name, other.wamid('1'), other.word))
    await inbox.receive(inGroup(them.phone, them.name, them.wamid('1'), them.word))
    await inbox.receive(says('2', 'And alone'))
    await erase((await contactOf(them.phone)).id)
    expect(await tablesWith(sql(), signs())).toEqual([])
    const [conversation] = await sql()<{ body: string; unread: number }[]>`
      select m.body, c.unread_count as unread from contact_identities i join conversations c on c.contact_id = i.contact_id
      join messages m on m.id = c.last_message_id where i.value = ${group}`
    expect(conversation).toEqual({ body: other.word, unread: 1 })
    const removed = (await inbox.events()).filter((event) => event.type === 'messages.removed')
    expect(removed.length).toBeGreaterThan(0)
  })

  test('leaves a receipt and a line of the log that name nobody, agree, and cannot be changed', async () => {
    await receive(says('1', them.word))
    const { erasureId } = await erase((await contactOf(them.phone)).id)
    const [entry] = await sql()<{ details: { erasureId: string; hash: string } }[]>`
      select details from audit_entries where action = 'contact.erased' and details ->> 'erasureId' = ${erasureId}`
    const { receipts } = await erasurePage(sql(), inbox.workspace.workspaceId, { id: erasureId, limit: 1 })
    expect(receipts[0]?.hash).toBe(entry?.details.hash ?? '')
    for (const table of ['erasures', 'audit_entries'])
      for (const change of [
        sql()`update ${sql()(table)} set actor_id = null`,
        sql()`delete from ${sql()(table)}`,
      ])
        await expect(change).rejects.toThrow(`${table} is append-only`)
  })

  test('tells everybody of the channel, and who replays the log finds only that', async () => {
    await receive(says('1', them.word))
    const { id, conversationId } = await contactOf(them.phone)
    await erase(id)
    const events = await inbox.events()
    const about = events.filter((event) => JSON.stringify(event).includes(conversationId))
    expect(about.length).toBeGreaterThan(1)
    expect(about).toEqual(about.map(() => ({ type: 'conversation.erased', conversationId })))
  })
})
