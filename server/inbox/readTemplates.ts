import type { Queryable } from '../../db/client.ts'
import type { Json } from '../whatsapp/content.ts'
import { templateForm } from '../whatsapp/templateForm.ts'
import { templateTrouble } from '../whatsapp/templateState.ts'
import type { TemplateSnapshot } from './snapshot.ts'

export type TemplateRow = {
  id: string
  name: string
  language: string
  category: string
  status: string
  quality: string | null
  parameterFormat: 'positional' | 'named'
  components: Json
  isDeleted: boolean
}

/** A {@link TemplateRow} of a row `t` of `templates`, as one JSON column. */
export const templateColumns = (sql: Queryable) => sql`
  json_build_object('id', t.id, 'name', t.name, 'language', t.language, 'category', t.category, 'status', t.status,
    'quality', t.quality, 'parameterFormat', t.parameter_format, 'components', t.components,
    'isDeleted', t.deleted_at is not null)`

/** The templates of the account that a channel belongs to, those that can be sent first, and when they were last fetched. */
export async function templatesOfChannel(
  sql: Queryable,
  channelId: string,
  search: string,
): Promise<{ templates: TemplateSnapshot[]; syncedAt: string | null }> {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const rows = await sql<{ template: TemplateRow; syncedAt: Date }[]>`
    select ${templateColumns(sql)} as template, t.synced_at
    from channels c
    join templates t on t.workspace_id = c.workspace_id and t.business_account_id = c.business_account_id
    where c.id = ${channelId} and t.deleted_at is null
    order by t.name, t.language`
  const newest = Math.max(...rows.map((row) => row.syncedAt.getTime()))
  const templates = rows
    .map((row) => snapshot(row.template))
    .filter((template) => words.every((word) => searchable(template).includes(word)))
  return {
    templates: [...templates.filter(canBeSent), ...templates.filter((one) => !canBeSent(one))],
    syncedAt: rows.length === 0 ? null : new Date(newest).toISOString(),
  }
}

const canBeSent = (template: TemplateSnapshot) => template.unusable === null

/** People search by what a template says as often as by its name, which is written with underscores. */
function searchable({ name, language, header, body, footer }: TemplateSnapshot): string {
  const headline = header?.format === 'text' ? header.text : ''
  return [name, name.replaceAll('_', ' '), language, headline, body.text, footer ?? '']
    .join(' ')
    .toLowerCase()
}

function snapshot({ components, isDeleted, ...row }: TemplateRow): TemplateSnapshot {
  const { unknownPart, ...form } = templateForm(components)
  return { ...row, ...form, unusable: templateTrouble({ ...row, isDeleted }, unknownPart)?.sentence ?? null }
}
