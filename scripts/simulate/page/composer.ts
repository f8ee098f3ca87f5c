import type { CustomerAct } from '../act.ts'
import type { ThreadRow } from '../thread.ts'
import { byId } from './element.ts'

export interface ComposerActs {
  /** True when it went out. */
  send(act: CustomerAct): Promise<boolean>
  sendFile(kind: string, file: File, caption: string): Promise<boolean>
}

/** The customer's composer: Enter sends, Shift+Enter breaks the line, a quote stands above until sent. */
export class Composer {
  private readonly words = byId('words', HTMLTextAreaElement)
  private readonly quoting = byId('quoting', HTMLDivElement)
  private readonly menu = byId('attach', HTMLDetailsElement)
  private readonly picker = byId('own-file', HTMLInputElement)
  private quoted: ThreadRow | undefined

  constructor(private readonly acts: ComposerActs) {
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
    this.words.onpaste = (event) => {
      const [file] = Array.from(event.clipboardData?.files ?? [])
      if (file) void this.sendOwn(file)
    }
    const unquote = this.quoting.querySelector('button')
    if (unquote) unquote.onclick = () => this.quote(undefined)
    for (const button of Array.from(form.querySelectorAll<HTMLButtonElement>('[data-act]'))) {
      button.onclick = () => void this.sendQuick(button.dataset.act ?? '')
    }
    this.picker.onchange = () => {
      for (const file of Array.from(this.picker.files ?? [])) void this.sendOwn(file)
      this.picker.value = ''
    }
    this.menu.onkeydown = (event) => {
      if (event.key === 'Escape') this.menu.open = false
    }
    document.addEventListener('click', (event) => {
      if (event.target instanceof Node && !this.menu.contains(event.target)) this.menu.open = false
    })
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
    if (!(await this.acts.send({ type: 'text', text, ...quoteOf(quoted) })) && this.words.value === '') {
      this.words.value = text
    }
  }

  private async sendQuick(name: string): Promise<void> {
    this.menu.open = false
    if (name === 'own-file') return this.picker.click()
    const words = this.words.value.trim()
    const caption = words === '' ? {} : { caption: words }
    const act = quickActs[name]?.({ ...quoteOf(this.quoted), ...caption })
    if (!act) return
    // Words that the message cannot carry stay where they are.
    if ('caption' in act || words === '') this.clear()
    await this.acts.send(act)
  }

  private async sendOwn(file: File): Promise<void> {
    const caption = this.words.value.trim()
    if (await this.acts.sendFile(kindOf(file.type), file, caption)) this.clear()
  }

  private grow(): void {
    this.words.style.height = 'auto'
    this.words.style.height = `${Math.min(this.words.scrollHeight, 120)}px`
  }
}

type Extras = { quote?: string; caption?: string }

/** What one tap sends, made in the simulator: the person at the page needs no file at hand. */
const quickActs: Record<string, (extras: Extras) => CustomerAct> = {
  image: (extras) => ({ type: 'image', format: 'jpeg', ...extras }),
  video: (extras) => ({ type: 'video', ...extras }),
  document: (extras) => ({ type: 'document', ...extras }),
  voice: ({ quote }) => ({ type: 'voice', ...(quote ? { quote } : {}) }),
  sticker: ({ quote }) => ({ type: 'sticker', ...(quote ? { quote } : {}) }),
  location: ({ quote }) => ({ type: 'location', ...(quote ? { quote } : {}) }),
  contacts: ({ quote }) => ({ type: 'contacts', ...(quote ? { quote } : {}) }),
}

const kinds: readonly [pattern: RegExp, kind: string][] = [
  [/^image\/webp/, 'sticker'],
  [/^image\/(png|jpeg)/, 'image'],
  [/^video\/(mp4|3gpp)/, 'video'],
  [/^audio\/ogg/, 'voice'],
  [/^audio\//, 'audio'],
]

/** What WhatsApp makes of a file: all that it does not know is a document. */
function kindOf(type: string): string {
  return kinds.find(([pattern]) => pattern.test(type))?.[1] ?? 'document'
}

function quoteOf(row: ThreadRow | undefined): { quote?: string } {
  return row ? { quote: row.wamid } : {}
}
