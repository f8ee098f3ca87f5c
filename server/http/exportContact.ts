import { contactWithAll } from '../inbox/contactToErase.ts'
import { reachOf } from '../inbox/policy.ts'
import { writeAudit } from '../inbox/writeAudit.ts'
import { zip } from '../storage/zip.ts'
import { contactArchive } from './contactArchive.ts'
import { contentDisposition } from './contentDisposition.ts'
import type { MediaParts } from './mediaAccess.ts'
import { refuse } from './serveMedia.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * `GET /media/contacts/{id}`: everything that is kept of a contact, as one archive that is made while it is sent. `?notes=1`: with what
 * colleagues noted. Only for who sees all of it; that it was taken stands in the audit log before its first byte leaves.
 */
export async function exportContact(parts: MediaParts, id: string, request: Request): Promise<Response> {
  const { sql, log } = parts
  const agent = await parts.agentOfRequest(request, 'admin')
  if (agent === null) return refuse(401, 'NOT_SIGNED_IN', 'Please sign in.')
  // A link on another page would have an administrator take somebody's data without knowing.
  if (request.headers.get('sec-fetch-site')?.endsWith('-site'))
    return refuse(403, 'CROSS_SITE', 'This request did not come from a page of this inbox.')
  const reach = await reachOf(sql, agent, 'contacts.export')
  if (!UUID.test(id)) return refuse(404, 'NOT_FOUND', 'There is no such contact, or it is not yours to see.')
  const all = await contactWithAll(sql, { agent, reach, contactId: id }, 'look')
  const hasNotes = new URL(request.url).searchParams.get('notes') === '1'
  const { workspaceId, id: actorId } = agent
  const conversations = all.conversations.length + all.groups.length
  const details = { contactId: id, conversations, hasNotes }
  await sql.begin((tx) => writeAudit(tx, { workspaceId, actorId, action: 'contact.exported', details }))
  log.info({ contactId: id, conversations, hasNotes }, 'a contact is exported')
  const broke = (err: unknown) => log.error({ err, contactId: id }, 'the export of a contact broke off')
  return new Response(streamOf(zip(contactArchive(parts, all, hasNotes)), broke), {
    headers: {
      'Content-Type': 'application/zip',
      'Content-Disposition': contentDisposition('attachment', `${all.contact.name}.zip`),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

/**
 * Makes the next piece when the last one was taken, and none more once nobody listens. What breaks in the middle breaks the
 * download too, which the browser shows as failed.
 */
function streamOf(
  bytes: AsyncGenerator<Uint8Array>,
  broke: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await bytes.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        broke(error)
        controller.error(error)
      }
    },
    async cancel() {
      await bytes.return(undefined)
    },
  })
}
