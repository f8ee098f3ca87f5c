import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { mediaColumn } from './readMedia.ts'
import { type TemplateRow, templateColumns } from './readTemplates.ts'
import type { SendRequest } from './sendMessages.ts'
import type { MediaSnapshot } from './snapshot.ts'

/** A message that is quoted or reacted to. */
export type Pointed = {
  id: string
  conversationId: string
  wamid: string | null
  type: string
  sentAt: Date
}

export type OutgoingFile = {
  id: string
  channelId: string
  /** Of the conversation that it came or went with; null for an upload that was not sent yet. */
  conversationId: string | null
  assigneeId: string | null
  teamId: string | null
  uploadedBy: string | null
  media: MediaSnapshot
}

/** `template` null: the account of the conversation's number has no such template. */
export type TemplateFor = { template: TemplateRow | null; hasOptedOut: boolean }

/** What requests point to, as it stands in the database now. */
export type OutgoingParts = {
  messages: Map<string, Pointed>
  files: Map<string, OutgoingFile>
  templates: Map<string, TemplateFor>
}

export const templateKey = (conversationId: string, templateId: string) => `${conversationId} ${templateId}`

/** Looks up what the requests of a batch point to: nothing at all when they are plain texts, else at most three statements. */
export async function outgoingParts(
  tx: Transaction,
  requests: readonly SendRequest[],
): Promise<OutgoingParts> {
  return {
    messages: await pointedMessages(tx, requests),
    files: await outgoingFiles(tx, requests),
    templates: await wantedTemplates(tx, requests),
  }
}

async function pointedMessages(
  tx: Transaction,
  requests: readonly SendRequest[],
): Promise<OutgoingParts['messages']> {
  const ids = requests.flatMap(({ content, quotedMessageId }) => [
    ...(quotedMessageId === undefined ? [] : [quotedMessageId]),
    ...(content.kind === 'reaction' ? [content.messageId] : []),
  ])
  if (ids.length === 0) return new Map()
  const rows = await tx<Pointed[]>`
    select id, conversation_id, wamid, type, sent_at from messages where id = any(${ids}::uuid[])`
  return new Map(rows.map((row) => [row.id, row]))
}

async function outgoingFiles(
  tx: Transaction,
  requests: readonly SendRequest[],
): Promise<OutgoingParts['files']> {
  const ids = requests.flatMap(({ content }) => {
    if (content.kind === 'template') return content.header?.fileId ?? []
    return 'fileId' in content ? content.fileId : []
  })
  if (ids.length === 0) return new Map()
  const rows = await tx<OutgoingFile[]>`
    select file.id, file.channel_id, file.conversation_id, c.assignee_id, c.team_id, file.uploaded_by, ${mediaColumn(tx)}
    from media file left join conversations c on c.id = file.conversation_id
    where file.id = any(${ids}::uuid[])`
  return new Map(rows.map((row) => [row.id, row]))
}

async function wantedTemplates(
  tx: Transaction,
  requests: readonly SendRequest[],
): Promise<OutgoingParts['templates']> {
  const wanted = requests.flatMap(({ conversationId, content }) =>
    content.kind === 'template' ? [{ conversationId, templateId: content.templateId }] : [],
  )
  if (wanted.length === 0) return new Map()
  type Row = { conversationId: string; templateId: string } & TemplateFor
  const rows = await tx<Row[]>`
    select r."conversationId" as conversation_id, r."templateId" as template_id,
           contact.opted_out_at is not null as has_opted_out,
           case when t.id is null then null else ${templateColumns(tx)} end as template
    from ${unnest(tx, wanted, { conversationId: 'uuid', templateId: 'uuid' })}
    join conversations c on c.id = r."conversationId"
    join contacts contact on contact.id = c.contact_id
    join channels channel on channel.id = c.channel_id
    left join templates t on t.id = r."templateId" and t.workspace_id = channel.workspace_id
      and t.business_account_id = channel.business_account_id`
  return new Map(rows.map((row) => [templateKey(row.conversationId, row.templateId), row]))
}
