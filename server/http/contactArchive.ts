import type { Sql } from '../../db/client.ts'
import type { ContactWithAll } from '../inbox/contactToErase.ts'
import { type ExportedConversation, exportedContact } from '../inbox/exportedContact.ts'
import { type ExportedMessage, type ExportedThread, exportedMessages } from '../inbox/exportedMessages.ts'
import { exportedConversationName, exportedFileName } from '../inbox/exportedNames.ts'
import { lightly } from '../storage/lightly.ts'
import type { ByteStream, MediaStore } from '../storage/mediaStore.ts'
import type { ZipEntry } from '../storage/zip.ts'
import { exportedPage } from './exportedPage.ts'

export type ArchiveParts = { sql: Sql; store: MediaStore; now(): Date }

/** What an export says of itself. */
const README = `Everything that is kept of one contact.

contact.json              who they are, and their conversations
conversation-….json       every message with all that is kept of it, one to a line
conversation-….html       the same to be read in a browser
files/                    what was sent and received, under the names that the messages give
missing-files.txt         files that were told of and are not here; only when there are any

Times are in UTC.
`

/**
 * The files of an archive of one contact, as somebody takes them: nothing is read before it is its turn, and of no thread more than a
 * page is held.
 */
export async function* contactArchive(
  { sql, store, now }: ArchiveParts,
  all: ContactWithAll,
  hasNotes: boolean,
): AsyncGenerator<ZipEntry> {
  const modifiedAt = now()
  const text = (name: string, pieces: AsyncIterable<string> | string): ZipEntry => {
    return { name, modifiedAt, isPacked: false, bytes: encoded(pieces) }
  }
  const exported = await exportedContact(sql, all)
  yield text('README.txt', README)
  yield text('contact.json', `${JSON.stringify(exported, null, 2)}\n`)

  const threads = exported.conversations.map((conversation, index) => ({
    conversation,
    name: exportedConversationName(index + 1, conversation.channel),
    thread: threadOf(conversation, all, hasNotes),
  }))
  for (const { name, thread } of threads) yield text(`${name}.json`, asLines(exportedMessages(sql, thread)))
  for (const { name, thread, conversation } of threads) {
    const title = `${all.contact.name} · ${conversation.channel}`
    yield text(`${name}.html`, exportedPage(title, all.contact.name, exportedMessages(sql, thread)))
  }
  const missing: string[] = []
  const written = new Set<string>()
  for (const { thread } of threads) {
    for await (const { media } of exportedMessages(sql, thread)) {
      if (media === null || written.has(media.id)) continue
      written.add(media.id)
      const name = exportedFileName(media)
      const bytes = await bytesOf(sql, store, media.id)
      if (bytes === null) missing.push(name)
      else yield { name, modifiedAt, isPacked: true, bytes }
    }
  }
  if (missing.length > 0) yield text('missing-files.txt', `${missing.join('\n')}\n`)
}

function threadOf(
  { id: conversationId, isGroup }: ExportedConversation,
  { contact }: ContactWithAll,
  hasNotes: boolean,
): ExportedThread {
  const authorContactId = isGroup ? contact.id : null
  return { conversationId, authorContactId, hasNotes: hasNotes && !isGroup }
}

async function* asLines(messages: AsyncIterable<ExportedMessage>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const message of messages) {
    const file = message.media && exportedFileName(message.media)
    yield `${before}${JSON.stringify({ ...message, file })}`
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

/** Null: they are not here. */
async function bytesOf(sql: Sql, store: MediaStore, mediaId: string): Promise<ByteStream | null> {
  const [file] = await sql<{ storageKey: string }[]>`
    select storage_key from media where id = ${mediaId} and state = 'stored' and storage_key is not null`
  if (!file || (await store.size(file.storageKey)) === null) return null
  const body = new Response(store.read(file.storageKey)).body
  return body && lightly(body)
}

async function* encoded(pieces: AsyncIterable<string> | string): ByteStream {
  const encoder = new TextEncoder()
  if (typeof pieces === 'string') yield encoder.encode(pieces)
  else for await (const piece of pieces) yield encoder.encode(piece)
}
