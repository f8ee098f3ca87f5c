import type { Template } from './template.ts'

/** What stands in the picker: what was searched for, in the languages and categories that were chosen. */
export class TemplateSearch {
  text = $state('')
  language = $state('')
  category = $state('')

  constructor(private readonly all: () => readonly Template[]) {}

  get languages(): string[] {
    return distinct(this.all().map(({ language }) => language))
  }

  get categories(): string[] {
    return distinct(this.all().map(({ category }) => category))
  }

  get found(): readonly Template[] {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean)
    return this.all().filter(
      (template) =>
        (this.language === '' || template.language === this.language) &&
        (this.category === '' || template.category === this.category) &&
        words.every((word) => searchable(template).includes(word)),
    )
  }

  clear() {
    this.text = ''
    this.language = ''
    this.category = ''
  }
}

/** People search by what a template says as often as by its name, which is written with underscores. */
function searchable({ name, language, header, body, footer }: Template): string {
  const headline = header?.format === 'text' ? header.text : ''
  return [name, name.replaceAll('_', ' '), language, headline, body.text, footer ?? '']
    .join(' ')
    .toLowerCase()
}

const distinct = (values: string[]) => [...new Set(values)].sort()
