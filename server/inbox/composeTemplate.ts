import { fillTemplate } from '../whatsapp/fillTemplate.ts'
import type { OutgoingTemplate } from '../whatsapp/outgoingContent.ts'
import { templateForm } from '../whatsapp/templateForm.ts'
import { templateTrouble } from '../whatsapp/templateState.ts'
import { type OutgoingParts, templateKey } from './outgoingParts.ts'
import { fileIn, type Place } from './partsInReach.ts'
import { Refusal } from './refusal.ts'

/**
 * A template with its places filled. Refused: NOT_FOUND for one that the account does not have, TEMPLATE_UNUSABLE for one that
 * can not be sent so, OPTED_OUT for marketing to a contact who wants none.
 */
export function composeTemplate(content: OutgoingTemplate, place: Place, parts: OutgoingParts) {
  const { template, hasOptedOut } = parts.templates.get(templateKey(place.id, content.templateId)) ?? {
    template: null,
    hasOptedOut: false,
  }
  if (template === null) throw new Refusal('NOT_FOUND', 'The account of this number has no such template.')
  const unusable = (sentence: string, details: { problem: string }) =>
    new Refusal('TEMPLATE_UNUSABLE', sentence, { template: template.name, ...details })
  const form = templateForm(template.components)
  const trouble = templateTrouble(template, form.unknownPart)
  if (trouble) throw unusable(trouble.sentence, { problem: trouble.problem })
  if (hasOptedOut && template.category.toUpperCase() === 'MARKETING') {
    const sentence =
      'This contact wants no marketing, so WhatsApp and Baton send them no template of that category.'
    throw new Refusal('OPTED_OUT', sentence, { template: template.name })
  }
  const fileId = content.header?.fileId
  const file = fileId === undefined ? null : fileIn(parts, place, fileId)
  const header = file && { id: file.id, kind: file.media.kind, filename: file.media.filename }
  const filled = fillTemplate({ ...template, form }, content, header)
  if ('problem' in filled) throw unusable(filled.problem.sentence, filled.problem)
  return {
    content: filled.content,
    media: filled.content.header && 'fileId' in filled.content.header ? (file?.media ?? null) : null,
  }
}
