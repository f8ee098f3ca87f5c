import type { Attachment } from 'svelte/attachments'

/** Whether files are being dragged over an element. Entering a child fires again, so entries and exits are counted. */
export class FileDrop {
  #depth = $state.raw(0)

  constructor(private readonly take: (files: FileList) => void) {}

  get isOver(): boolean {
    return this.#depth > 0
  }

  attach: Attachment<HTMLElement> = (element) => {
    const listening = new AbortController()
    const on = (name: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void) =>
      element.addEventListener(
        name,
        (event) => {
          if (!event.dataTransfer?.types.includes('Files')) return
          event.preventDefault()
          act(event)
        },
        { signal: listening.signal },
      )
    on('dragenter', () => (this.#depth += 1))
    on('dragleave', () => (this.#depth = Math.max(0, this.#depth - 1)))
    on('dragover', ({ dataTransfer }) => {
      if (dataTransfer) dataTransfer.dropEffect = 'copy'
    })
    on('drop', ({ dataTransfer }) => {
      this.#depth = 0
      if (dataTransfer) this.take(dataTransfer.files)
    })
    return () => listening.abort()
  }
}
