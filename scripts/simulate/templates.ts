import type { JsonObject, TemplateCategory, TemplateQuality, TemplateStatus } from './entry.ts'
import { templateTexts } from './templateTexts.ts'

/** A message template of the business; one name may exist in several languages. */
export interface Template {
  id: string
  name: string
  language: string
  status: TemplateStatus
  category: TemplateCategory
  quality: TemplateQuality
  parameter_format: 'POSITIONAL' | 'NAMED'
  components: JsonObject[]
}

/** The templates that the simulated business starts with. */
export const startingTemplates: readonly Template[] = templateTexts.map((text, index) => ({
  status: 'APPROVED',
  quality: 'GREEN',
  ...text,
  id: String(1_307_226_810_404_101 + index),
  parameter_format: /\{\{[a-z_]+\}\}/.test(JSON.stringify(text.components)) ? 'NAMED' : 'POSITIONAL',
}))

/** The template of this name, in this language when one is given. */
export function templateNamed(
  templates: Iterable<Template>,
  name: string,
  language?: string,
): Template | undefined {
  for (const one of templates) {
    if (one.name === name && (language === undefined || one.language === language)) return one
  }
  return undefined
}
