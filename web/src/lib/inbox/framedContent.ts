import type { MessageContent } from '../../../../server/whatsapp/content.ts'

export type FramedContent = Extract<
  MessageContent,
  { kind: 'buttons' | 'list' | 'cta_url' | 'location_request' | 'template' }
>

export type Frame = { header: string | null; text: string; footer: string | null; buttons: string[] }

/** What the customer sees of an interactive message or a template: words above and below the text, and what can be pressed. */
export function frameOf(content: FramedContent): Frame {
  if (content.kind === 'template') {
    const { header, body, footer, buttons } = content
    const headline = header && headlineOf(header)
    return { header: headline, text: body, footer, buttons: buttons.map((button) => button.text) }
  }
  if (content.kind === 'location_request') {
    return { header: null, text: content.text, footer: null, buttons: ['Send location'] }
  }
  const { header, text, footer } = content
  return { header, text, footer, buttons: pressable(content) }
}

type TemplateHeader = NonNullable<Extract<MessageContent, { kind: 'template' }>['header']>

function headlineOf(header: TemplateHeader): string {
  if (header.format === 'text') return header.text
  if (header.format === 'location') return header.name ?? 'Location'
  return { image: 'Photo', video: 'Video', document: header.filename ?? 'Document' }[header.format]
}

function pressable(content: Extract<FramedContent, { kind: 'buttons' | 'list' | 'cta_url' }>): string[] {
  if (content.kind === 'buttons') return content.buttons.map((button) => button.title)
  return [content.kind === 'list' ? content.button : content.title]
}
