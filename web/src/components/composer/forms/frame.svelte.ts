import { LIMITS } from '#lib/inbox/limits.ts'

/** The words around buttons, a list or a link, while they are typed. */
export class Frame {
  text = $state('')
  header = $state('')
  footer = $state('')

  constructor(readonly mostText: number = LIMITS.interactiveTextLength) {}

  get fits(): boolean {
    const { text, header, footer, mostText } = this
    const isShort = header.length <= LIMITS.headerLength && footer.length <= LIMITS.footerLength
    return text.trim() !== '' && text.length <= mostText && isShort
  }

  get words() {
    const [header, footer] = [this.header.trim(), this.footer.trim()]
    return { text: this.text, ...(header && { header }), ...(footer && { footer }) }
  }
}
