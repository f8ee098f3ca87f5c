import type { ScheduledSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Composition } from '../inbox/composition.svelte.ts'
import type { Replying } from '../inbox/replying.svelte.ts'
import type { ScheduledMessages } from './scheduled.svelte.ts'
import type { ScheduledAct } from './scheduledInWords.ts'

type World = {
  scheduled(): ScheduledMessages
  replying: Replying
  composition: Composition
  /** Asks for another moment. */
  move(scheduled: ScheduledSnapshot): void
  /** Of the message with this id. */
  quote(messageId: string): void
  focus(): void
}

/** Does what was pressed beside a scheduled message. */
export function scheduledActs({ scheduled, replying, composition, move, quote, focus }: World) {
  const acts: Record<ScheduledAct, (one: ScheduledSnapshot) => unknown> = {
    now: ({ id }) => scheduled().reschedule(id, null),
    template: () => composition.openTemplates(true),
    time: move,
    cancel: ({ id }) => scheduled().cancel(id),
    // Called off first: what is being edited must not go out meanwhile.
    edit: async ({ id, content, quotedMessageId }) => {
      if (content.kind !== 'text' || !(await scheduled().cancel(id))) return
      composition.write('reply')
      replying.addWords(content.text)
      if (quotedMessageId) quote(quotedMessageId)
      if (content.preview === false) composition.preview(false)
      focus()
    },
  }
  return (act: ScheduledAct, one: ScheduledSnapshot) => void acts[act](one)
}
