import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { MessageNote, NoteAct } from '../inbox/messageNote.ts'
import type { Session } from '../inbox/session.svelte.ts'

/** What can be done from the list; what needs the conversation at hand (writing, a template) is done there. */
export function listActsOf(
  { acts }: Session,
  { id, dismissedAt }: MessageSnapshot,
  note: MessageNote | null,
): { act: NoteAct; run: () => unknown }[] {
  if (dismissedAt) return []
  const runs: Partial<Record<NoteAct, () => unknown>> = {
    retry: () => acts.retry(id),
    dismiss: () => acts.dismiss(id),
    check: () => acts.resolve(id, 'check'),
    send_again: () => acts.resolve(id, 'send_again'),
    leave: () => acts.resolve(id, 'leave'),
    cancel: () => acts.cancel(id),
  }
  return (note?.acts ?? []).flatMap((act) => {
    const run = runs[act]
    return run ? [{ act, run }] : []
  })
}
