import type { TemplateChange } from './entry.ts'
import type { History } from './history.ts'
import { newUpdateId } from './identity.ts'
import type { Template } from './templates.ts'

/** The business's templates, as Meta's reviewers and its quality rating move them. */
export class TemplateBook {
  constructor(private readonly history: History) {}

  list(): Template[] {
    return [...this.history.world.templates.values()].map((one) => ({ ...one }))
  }

  /** Changes status, quality, category or words of one template; the webhook is told. `which` is its id or name. */
  change(which: string, change: TemplateChange, language?: string): void {
    const template = this.list().find(
      (one) =>
        one.id === which || (one.name === which && (language === undefined || one.language === language)),
    )
    if (!template)
      throw new Error(`The business has no template ${which}${language ? ` in ${language}` : ''}.`)
    const { id, name, category, quality } = template
    this.history.record({
      kind: 'template',
      at: this.history.now(),
      id: newUpdateId('template'),
      template: { id, name, language: template.language, category },
      change,
      previousQuality: quality,
    })
  }
}
