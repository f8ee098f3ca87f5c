import type { TemplateSnapshot } from '../../../../server/inbox/snapshot.ts'

export type Template = TemplateSnapshot
export type TemplateVariable = Template['body']['variables'][number]
export type TemplateButton = Template['buttons'][number]
export type TemplateHeader = NonNullable<Template['header']>
/** A header that has to be given a file. */
export type FileHeader = 'image' | 'video' | 'document'

export function fileHeaderOf({ header }: Template): FileHeader | null {
  if (!header || header.format === 'text' || header.format === 'location') return null
  return header.format
}
