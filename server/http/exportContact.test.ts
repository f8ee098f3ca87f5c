import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repeatable } from '../../db/repeatable.ts'
import { addNote } from '../inbox/addNote.ts'
import type { Agent } from '../inbox/agent.ts'
import { auditAsCsv } from '../inbox/auditAsText.ts'
import { exportedFileName, plainName } from '../inbox/exportedNames.ts'
import { auditPage } from '../inbox/readAudit.ts'
import { claimMedia, settleMedia } from '../inbox/settleMedia.ts'
import { createLog } from '../log.ts'
import { storeFile } from '../media/storeFile.ts'
import { bytesOf, type MediaStore, openMediaStore } from '../storage/mediaStore.ts'
import { delivery, seconds, textDelivery } from '../testing/delivery.ts'
import { TestOutbox } from '../testing/testOutbox.ts'
import { testAgent } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { unzipped } from '../testing/unzipped.ts'
import { exportContact } from './exportContact.ts'

let inbox: TestOutbox
let folder: string
let store: MediaStore
let administrator: Agent
let contactId: string
let mediaId: string
/** Who asks. */
let asker: Agent | null

const PHONE = '16505551234'
const EVIL = '<img src=x onerror=alert(1)>'
const PICTURE = crypto.getRandomValues(new Uint8Array(60_000))

beforeAll(async () => {
  inbox = await TestOutbox.open()
  folder = await mkdtemp(join(tmpdir(), 'baton-export-'))
  store = openMediaStore(`file:${folder}`)
  administrator = await testAgent(inbox.workspace, 'Carla', { role: 'administrator' })
  await inbox.receive(textDelivery('wamid.1', `Hello ${EVIL}`, PHONE, inbox.clock))
  await inbox.receive(
    delivery({
      contacts: [{ profile: { name: 'Sheena Nelson' }, wa_id: PHONE }],
      messages: [
        {
          from: PHONE,
          id: 'wamid.2',
          timestamp: seconds(inbox.clock),
          type: 'document',
          document: {
            id: 'media1',
            filename: '../../etc/passwd.jpg',
            mime_type: 'image/jpeg',
            caption: 'See',
          },
        },
      ],
    }),
  )
  const { sql } = inbox.workspace
  const [row] = await sql<{ contactId: string; conversationId: string; mediaId: string }[]>`
    select c.contact_id, c.id as conversation_id, m.id as media_id
    from conversations c join media m on m.conversation_id = c.id`
  if (!row) throw new Error('There is no file')
  contactId = row.contactId
  mediaId = row.mediaId
  const note = {
    agent: inbox.agent,
    reach: reachTo([inbox.workspace.channelId]),
    conversationId: row.conversationId,
    clientMessageId: Bun.randomUUIDv7(),
    text: 'A note among colleagues',
    mentionIds: [],
  }
  await repeatable(sql, (tx) => addNote(tx, note, inbox.clock))
  await inbox.send(row.conversationId, 'Dear Sheena')
})
afterAll(async () => {
  await inbox.close()
  await rm(folder, { recursive: true })
})

const ask = async (query = '', headers: Record<string, string> = {}) => {
  const { sql } = inbox.workspace
  const log = createLog({ level: 'silent', name: 'test' })
  const parts = { sql, store, log, publicUrl: 'http://localhost', now: () => inbox.clock }
  const request = new Request(`http://localhost/media/contacts/${contactId}${query}`, { headers })
  return exportContact({ ...parts, agentOfRequest: async () => asker }, contactId, request)
}
const files = async (query = '') => {
  asker = administrator
  const answer = await ask(query)
  expect(answer.status).toBe(200)
  return unzipped(await answer.bytes())
}
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

describe('the export of a contact', () => {
  test('says which files are not here, until they are', async () => {
    const before = await files()
    expect([...before.keys()]).not.toContain(`files/${mediaId.slice(-12)}-etc-passwd.jpg`)
    expect(textOf(before.get('missing-files.txt'))).toBe(`files/${mediaId.slice(-12)}-etc-passwd.jpg\n`)
    const kept = await storeFile(store, new Response(PICTURE).body ?? new ReadableStream())
    const { key: storageKey, sizeBytes, sha256 } = kept
    const looks = { thumbnailKey: null, width: null, height: null, durationSeconds: null, waveform: null }
    const file = { detectedType: 'image/jpeg', storageKey, sizeBytes, sha256, ...looks }
    const { sql } = inbox.workspace
    await claimMedia(sql, mediaId)
    await repeatable(sql, (tx) => settleMedia(tx, mediaId, { state: 'stored', file }, inbox.clock))
    expect(await bytesOf(store, storageKey)).toEqual(PICTURE)
    const after = await files()
    expect(after.get('missing-files.txt')).toBeUndefined()
    expect(Buffer.from(after.get(`files/${mediaId.slice(-12)}-etc-passwd.jpg`) ?? []).equals(PICTURE)).toBe(
      true,
    )
  })

  test('holds who they are, every message as JSON, and a page in which nothing runs', async () => {
    const archive = await files()
    const { contact, conversations } = JSON.parse(textOf(archive.get('contact.json')))
    expect(contact).toMatchObject({ id: contactId, profileName: 'Sheena Nelson', phone: PHONE })
    expect(contact.identities).toMatchObject([{ kind: 'phone', value: PHONE }])
    expect(conversations).toMatchObject([{ channel: 'Support', isGroup: false }])
    const messages = JSON.parse(textOf(archive.get('conversation-01-Support.json')))
    expect(messages.map((one: { body: string }) => one.body)).toEqual([`Hello ${EVIL}`, 'See', 'Dear Sheena'])
    expect(messages[1]).toMatchObject({
      file: `files/${mediaId.slice(-12)}-etc-passwd.jpg`,
      wamid: 'wamid.2',
    })
    const page = textOf(archive.get('conversation-01-Support.html'))
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(page).not.toContain('<img')
    expect(page).toContain("default-src 'none'")
  })

  test('has what colleagues noted only when that was asked for', async () => {
    const both = [await files(), await files('?notes=1')].map((archive) =>
      [...archive.values()].map(textOf).join('\n').includes('A note among colleagues'),
    )
    expect(both).toEqual([false, true])
  })

  test('is made only for who may, from a page of this inbox, and is written down', async () => {
    const { sql } = inbox.workspace
    const written = async () =>
      (await sql`select 1 from audit_entries where action = 'contact.exported'`).length
    const before = await written()
    asker = null
    expect((await ask()).status).toBe(401)
    asker = await testAgent(inbox.workspace, 'Ben')
    await expect(ask()).rejects.toMatchObject({ reason: 'FORBIDDEN' })
    asker = administrator
    expect((await ask('', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect(await written()).toBe(before)
    await (await ask()).body?.cancel()
    expect(await written()).toBe(before + 1)
    const [entry] = await sql<{ details: object }[]>`
      select details from audit_entries where action = 'contact.exported' order by created_at desc limit 1`
    expect(entry?.details).toEqual({ contactId, conversations: 1, hasNotes: false })
    const { workspaceId, channelId } = inbox.workspace
    const found = await auditPage(
      sql,
      { workspaceId, reach: reachTo([channelId]) },
      { actions: ['contact.exported'], actorId: administrator.id },
      { limit: 1 },
    )
    expect(auditAsCsv(found.entries)).toContain(`Carla,${administrator.id},contact.exported`)
  })
})

describe('a name in an export', () => {
  const NOTHING_ELSE = {
    state: 'stored',
    sizeBytes: 1,
    width: null,
    height: null,
    durationSeconds: null,
    waveform: null,
    hasThumbnail: false,
    failure: null,
  } as const
  const nameOf = (filename: string) =>
    exportedFileName({
      ...NOTHING_ELSE,
      id: '0198c0de-0000-7000-8000-00000000000a',
      kind: 'document',
      filename,
      type: 'application/pdf',
    })

  test.each([
    ['../../../etc/passwd', 'files/00000000000a-etc-passwd'],
    ['..\\..\\windows\\system32.dll', 'files/00000000000a-windows-system32.dll'],
    ['/absolute.txt', 'files/00000000000a-absolute.txt'],
    ['.bashrc', 'files/00000000000a-bashrc'],
    ['..', 'files/00000000000a-document.pdf'],
    ['a\u202Egpj.exe', 'files/00000000000a-a-gpj.exe'],
    ['C:evil.txt\u0000.pdf', 'files/00000000000a-C-evil.txt-pdf'],
    ['Übersicht März 2026.pdf', 'files/00000000000a-Übersicht-März-2026.pdf'],
    ['عقد.pdf', 'files/00000000000a-عقد.pdf'],
  ])('%p is %p', (given, expected) => {
    expect(nameOf(given)).toBe(expected)
  })

  test('is never long, and keeps its end', () => {
    const name = plainName(`${'x'.repeat(500)}.pdf`)
    expect(name.length).toBeLessThanOrEqual(80)
    expect(name).toEndWith('.pdf')
  })
})
