import { LIMITS } from '#lib/inbox/limits.ts'
import type { PlainOutgoing } from '#lib/inbox/shownAs.ts'
import { areDistinct } from './buttonsDraft.svelte.ts'
import { Frame } from './frame.svelte.ts'

type Row = { title: string; description: string }

/** A message with a list to choose from, while it is put together. WhatsApp counts rows over all sections. */
export class ListDraft {
  readonly frame = new Frame(LIMITS.listTextLength)
  button = $state('')
  readonly sections = $state([{ title: '', rows: [emptyRow()] }])

  get rowCount(): number {
    return this.sections.reduce((count, { rows }) => count + rows.length, 0)
  }

  get canAddRow(): boolean {
    return this.rowCount < LIMITS.mostRows
  }

  get canAddSection(): boolean {
    return this.canAddRow && this.sections.length < LIMITS.mostSections
  }

  get trouble(): string | null {
    const titles = this.sections.flatMap(({ rows }) => rows.map(({ title }) => title.trim()))
    return areDistinct(titles) ? null : 'Two rows say the same: the answer could not be told apart.'
  }

  get fits(): boolean {
    const button = this.button.trim()
    const isButton = button !== '' && button.length <= LIMITS.listButtonLength
    return (
      this.frame.fits && isButton && this.trouble === null && this.sections.every((one) => this.#fits(one))
    )
  }

  get content(): PlainOutgoing {
    let count = 0
    const sections = this.sections.map(({ title, rows }) => ({
      title: title.trim(),
      rows: rows.map((row) => {
        count += 1
        const description = row.description.trim()
        return { id: `row-${count}`, title: row.title.trim(), ...(description && { description }) }
      }),
    }))
    return { kind: 'list', ...this.frame.words, button: this.button.trim(), sections }
  }

  addSection() {
    if (this.canAddSection) this.sections.push({ title: '', rows: [emptyRow()] })
  }

  addRow(section: number) {
    if (this.canAddRow) this.sections[section]?.rows.push(emptyRow())
  }

  /** The last row of a section takes the section with it. */
  removeRow(section: number, row: number) {
    const rows = this.sections[section]?.rows
    rows?.splice(row, 1)
    if (rows?.length === 0) this.sections.splice(section, 1)
  }

  #fits({ title, rows }: { title: string; rows: Row[] }): boolean {
    const isTitled = this.sections.length === 1 || title.trim() !== ''
    return isTitled && title.length <= LIMITS.sectionTitleLength && rows.every(rowFits)
  }
}

const emptyRow = (): Row => ({ title: '', description: '' })

const rowFits = ({ title, description }: Row) =>
  title.trim() !== '' &&
  title.length <= LIMITS.rowTitleLength &&
  description.length <= LIMITS.rowDescriptionLength
