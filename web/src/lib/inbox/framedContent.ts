import type { MessageContent } from '../../../../server/whatsapp/content.ts'

export type FramedContent = Extract<
  MessageContent,
  { kind: 'buttons' | 'list' | 'cta_url' | 'location_request' | 'template' }
>

/** What can be pressed: how it looks, what it says, and where it leads. */
export type FrameButton = {
  icon: 'reply' | 'link' | 'phone' | 'copy' | 'list' | 'place'
  text: string
  value: string | null
}
export type Frame = { header: string | null; text: string; footer: string | null; buttons: FrameButton[] }

/** What the customer sees of an interactive message or a template: words above and below the text, and what can be pressed. */
export function frameOf(content: FramedContent): Frame {
  if (content.kind === 'template') {
    const { header, body, footer, buttons } = content
    const headline = header?.format === 'text' ? header.text : null
    return { header: headline, text: body, footer, buttons: buttons.map(templateButton) }
  }
  if (content.kind === 'location_request') {
    const button: FrameButton = { icon: 'place', text: 'Send location', value: null }
    return { header: null, text: content.text, footer: null, buttons: [button] }
  }
  const { header, text, footer } = content
  return { header, text, footer, buttons: pressable(content) }
}

const TEMPLATE_ICONS: Record<string, FrameButton['icon']> = {
  URL: 'link',
  PHONE_NUMBER: 'phone',
  VOICE_CALL: 'phone',
  COPY_CODE: 'copy',
}

function templateButton({
  type,
  text,
  value,
}: {
  type: string
  text: string
  value: string | null
}): FrameButton {
  return { icon: TEMPLATE_ICONS[type.toUpperCase()] ?? 'reply', text, value }
}

function pressable(content: Extract<FramedContent, { kind: 'buttons' | 'list' | 'cta_url' }>): FrameButton[] {
  if (content.kind === 'list') return [{ icon: 'list', text: content.button, value: null }]
  if (content.kind === 'cta_url') return [{ icon: 'link', text: content.title, value: content.url }]
  return content.buttons.map(({ title }) => ({ icon: 'reply', text: title, value: null }))
}
