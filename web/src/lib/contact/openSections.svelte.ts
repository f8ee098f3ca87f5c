import { keptIn } from '../inbox/kept.ts'

type ByName = Record<string, boolean>

const kept = () => keptIn(localStorage, 'baton:contact-sections', isByName)

/** Which sections of the contact panel stand open, on this device. */
export class OpenSections {
  #kept = kept()
  #isOpen = $state.raw<ByName>(this.#kept.read() ?? {})

  isOpen(name: string): boolean {
    return this.#isOpen[name] ?? true
  }

  set(name: string, isOpen: boolean) {
    if (this.isOpen(name) === isOpen) return
    this.#isOpen = { ...this.#isOpen, [name]: isOpen }
    this.#kept.write(this.#isOpen)
  }
}

function isByName(value: unknown): value is ByName {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'boolean')
  )
}
