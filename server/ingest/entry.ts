import { BODY_FIELD, SIGNED_FOR_FIELD } from './stream.ts'

/** An entry of the stream: the body of one POST, and when it came by Redis's clock. */
export type Entry = {
  streamId: string
  receivedAt: Date
  body: Uint8Array
  /** The workspaces for which it was signed; null: for all. */
  signedFor: readonly string[] | null
}

/** Entries as read, and the ids of those that are pending though their bodies are gone: lost data, to be alarmed about. */
export type ReadEntries = { entries: Entry[]; lostIds: string[] }

/** When the entry was appended: its id starts with the millisecond. */
export function receivedAtOf(streamId: string): Date {
  return new Date(Number(streamId.split('-')[0]))
}

/** Reads the `[[stream, [[id, [field, value, …]], …]]]` of XREADGROUP; null, when the wait ended with nothing. */
export function entriesOfRead(reply: unknown): ReadEntries {
  const streams = Array.isArray(reply) ? reply : []
  return entriesOfList(
    streams.flatMap((stream) => (Array.isArray(stream) && Array.isArray(stream[1]) ? stream[1] : [])),
  )
}

/** Reads the `[[id, [field, value, …]], …]` that XAUTOCLAIM has as its second element. */
export function entriesOfList(list: unknown): ReadEntries {
  const read: ReadEntries = { entries: [], lostIds: [] }
  for (const item of Array.isArray(list) ? list : []) {
    if (!Array.isArray(item)) continue
    const streamId = String(item[0])
    const body = bodyOf(item[1])
    if (body === null) read.lostIds.push(streamId)
    else
      read.entries.push({
        streamId,
        receivedAt: receivedAtOf(streamId),
        body,
        signedFor: signedForOf(item[1]),
      })
  }
  return read
}

function bodyOf(fields: unknown): Uint8Array | null {
  if (!Array.isArray(fields)) return null
  const body = fieldOf(fields, BODY_FIELD)
  // An entry that somebody else appended has no body; an empty one ends as a dead letter that can be looked at.
  return body instanceof Uint8Array ? body : new Uint8Array()
}

function signedForOf(fields: unknown): readonly string[] | null {
  const value = Array.isArray(fields) ? fieldOf(fields, SIGNED_FOR_FIELD) : undefined
  return value === undefined ? null : String(value).split(' ')
}

function fieldOf(fields: unknown[], name: string): unknown {
  const at = fields.findIndex((field, index) => index % 2 === 0 && String(field) === name)
  return at === -1 ? undefined : fields[at + 1]
}
