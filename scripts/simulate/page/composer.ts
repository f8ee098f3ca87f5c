import type { CustomerAct } from '../act.ts'
import type { ThreadRow } from '../thread.ts'
import { byId } from './element.ts'

/** The customer's composer: Enter sends, Shift+Enter breaks the line, a quote stands above until sent. */
export class Composer {
  private readonly words = byId('words', HTMLTextAreaElement)
  private readonly quoting = byId('quoting', HTMLDivElement)
  private quoted: ThreadRow | undefined

  constructor(private readonly send: (act: CustomerAct) => Promise<boolean>) {
    const form = byId('composer', HTMLFormElement)
    form.onsubmit = (event) => {
      event.preventDefault()
      void this.sendText()
    }
    this.words.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      void this.sendText()
    }
    this.words.oninput = () => this.grow()
    const unquote = this.quoting.querySelector('button')
    if (unquote) unquote.onclick = () => this.quote(undefined)
    for (const button of Array.from(form.querySelectorAll<HTMLButtonElement>('[data-act]'))) {
      button.onclick = () => void this.sendQuick(button.dataset.act)
    }
  }

  quote(row: ThreadRow | undefined): void {
    this.quoted = row
    this.quoting.hidden = row === undefined
    const line = this.quoting.querySelector('p')
    if (line)
      line.textContent = row?.content.text ?? row?.content.fileName ?? `A ${row?.content.kind ?? 'message'}`
    this.words.focus()
  }

  clear(): void {
    this.quoted = undefined
    this.quoting.hidden = true
    this.words.value = ''
    this.grow()
  }

  private async sendText(): Promise<void> {
    const text = this.words.value.trim()
    if (text === '') return
    const { quoted } = this
    this.clear()
    // What could not be sent goes back into the composer, unless something new is there by now.
    if (!(await this.send({ type: 'text', text, ...quoteOf(quoted) })) && this.words.value === '') {
      this.words.value = text
    }
  }

  private async sendQuick(act: string | undefined): Promise<void> {
    const caption = this.words.value.trim()
    const quote = quoteOf(this.quoted)
    const isPhoto = act === 'image'
    if (act === 'voice') await this.send({ type: 'voice', ...quote })
    if (act === 'location') await this.send({ type: 'location', ...quote })
    if (isPhoto) await this.send({ type: 'image', ...quote, ...(caption === '' ? {} : { caption }) })
    if (isPhoto || caption === '') this.clear()
  }

  private grow(): void {
    this.words.style.height = 'auto'
    this.words.style.height = `${Math.min(this.words.scrollHeight, 120)}px`
  }
}

function quoteOf(row: ThreadRow | undefined): { quote?: string } {
  return row ? { quote: row.wamid } : {}
}
