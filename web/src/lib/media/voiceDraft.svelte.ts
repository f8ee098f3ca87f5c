import type { MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import { Recorder } from './recorder.svelte.ts'
import { upload } from './upload.ts'

/** A recording and its way to the customer: it is uploaded when Send is pressed, and stays until it was taken. */
export class VoiceDraft {
  readonly recorder = new Recorder()
  #isSending = $state.raw(false)
  #trouble = $state.raw<string | null>(null)

  constructor(
    private readonly channelId: string,
    private readonly send: (media: MediaSnapshot) => void,
  ) {}

  get isSending(): boolean {
    return this.#isSending
  }

  get trouble(): string | null {
    return this.#trouble
  }

  discard() {
    this.#trouble = null
    this.recorder.discard()
  }

  async sendIt(): Promise<void> {
    const { recording } = this.recorder
    if (!recording || this.#isSending) return
    this.#isSending = true
    this.#trouble = null
    const target = {
      channelId: this.channelId,
      kind: 'audio',
      filename: recording.name,
      isVoice: true,
    } as const
    const outcome = await upload(recording, target, () => {}).done
    this.#isSending = false
    if ('media' in outcome) {
      this.send(outcome.media)
      this.recorder.discard()
    }
    if ('refused' in outcome) this.#trouble = outcome.refused
    if ('away' in outcome) this.#trouble = outcome.away
  }
}
