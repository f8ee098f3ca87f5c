import type { JournalEntry, JsonObject } from '../entry.ts'
import { objectsOf } from '../json.ts'

type TemplateEntry = Extract<JournalEntry, { kind: 'template' }>

/** The changes of the webhook that tell of one change of a template; each aspect has a field of its own. */
export function templateChanges({ template, change, previousQuality }: TemplateEntry): JsonObject[] {
  const named = nameOf(template)
  const changes: JsonObject[] = []
  const tell = (field: string, value: JsonObject) => changes.push({ value: { ...value, ...named }, field })
  if (change.status) {
    tell('message_template_status_update', {
      event: change.status,
      reason: change.reason ?? 'NONE',
      message_template_category: change.category ?? template.category,
      ...detailsOf(change.status),
    })
  }
  if (change.quality) {
    tell('message_template_quality_update', {
      previous_quality_score: previousQuality,
      new_quality_score: change.quality,
    })
  }
  if (change.category) {
    tell('template_category_update', { previous_category: template.category, new_category: change.category })
  }
  if (change.components) tell('message_template_components_update', partsOf(change.components))
  return changes
}

function nameOf({ id, name, language }: TemplateEntry['template']): JsonObject {
  return { message_template_id: Number(id), message_template_name: name, message_template_language: language }
}

function detailsOf(status: string): JsonObject {
  if (status === 'PAUSED') {
    return {
      other_info: { title: 'FIRST_PAUSE', description: 'Paused for three hours because of low quality.' },
    }
  }
  return status === 'DISABLED' ? { disable_info: { disable_date: 'tomorrow' } } : {}
}

function partsOf(components: JsonObject[]): JsonObject {
  const textOf = (type: string) => components.find((one) => one.type === type)?.text
  const buttons = objectsOf(components.find((one) => one.type === 'BUTTONS')?.buttons).map((button) => ({
    message_template_button_type: button.type ?? 'QUICK_REPLY',
    message_template_button_text: button.text ?? '',
  }))
  const [title, footer] = [textOf('HEADER'), textOf('FOOTER')]
  return {
    message_template_element: textOf('BODY') ?? '',
    ...(title === undefined ? {} : { message_template_title: title }),
    ...(footer === undefined ? {} : { message_template_footer: footer }),
    ...(buttons.length > 0 ? { message_template_buttons: buttons } : {}),
  }
}
