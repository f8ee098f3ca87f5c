import type { MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { TemplateContent } from '../../../../server/whatsapp/content.ts'
import type { OutgoingTemplate } from '../../../../server/whatsapp/outgoingContent.ts'
import { coordinatesIn } from '../inbox/coordinates.ts'
import { TrayFile } from '../media/trayFile.svelte.ts'
import { type Given, missingOf, type Place, placesOf, previewOf, sendableTemplate } from './fill.ts'
import { fileHeaderOf, type Template } from './template.ts'

const CALLED: ReadonlySet<string> = new Set(['name', 'first_name', 'firstname', 'customer', 'customer_name'])

/** One template that is being filled in for one customer. */
export class TemplateDraft {
  /** By the key of their place. */
  readonly words = $state<Record<string, string>>({})
  /** Coordinates, or a link to a map, for a header that is a place. */
  where = $state('')
  readonly places: readonly Place[]
  #file = $state.raw<TrayFile | null>(null)
  #given: Given = $derived.by(() => {
    const media = this.#file?.media ?? null
    return { words: this.words, file: media, location: coordinatesIn(this.where) }
  })

  /** `name`: what the customer is called, for the place where a template greets them. */
  constructor(
    readonly template: Template,
    private readonly channelId: string,
    name: string | null,
  ) {
    this.places = placesOf(template)
    for (const { key, variable } of this.places)
      this.words[key] = CALLED.has(variable.name.toLowerCase()) ? (name?.split(' ')[0] ?? '') : ''
  }

  get file(): TrayFile | null {
    return this.#file
  }

  get media(): MediaSnapshot | null {
    return this.#file?.media ?? null
  }

  get missing(): string | null {
    if (this.#file?.state === 'uploading') return 'The file is on its way up.'
    return missingOf(this.template, this.#given)
  }

  get preview(): TemplateContent {
    return previewOf(this.template, this.#given)
  }

  get content(): OutgoingTemplate {
    return sendableTemplate(this.template, this.#given)
  }

  choose(file: File) {
    const kind = fileHeaderOf(this.template)
    if (!kind) return
    this.#file?.dispose()
    this.#file = new TrayFile(file, this.channelId, kind)
  }

  dropFile() {
    this.#file?.dispose()
    this.#file = null
  }
}
