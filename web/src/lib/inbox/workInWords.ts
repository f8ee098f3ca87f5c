import { refusalInWords } from '../api/refusalInWords.ts'
import type { WorkAction } from './expectedWork.ts'
import { untilInWords } from './time.ts'

/** What a sentence about an act needs to know. */
export type WorkScene = {
  /** Of the customer; null: it is about more than one conversation, or one that this tab does not hold. */
  name: string | null
  count: number
  /** `you` when it is oneself. */
  assignee: string | null
  team: string | null
  label: string | null
  now: number
}

/** What was done, in a sentence. */
export function doneInWords(action: WorkAction, scene: WorkScene): string {
  return scene.name === null ? doneToMany(action, scene) : doneToOne(action, scene, scene.name)
}

function doneToOne(action: WorkAction, { assignee, team, label, now }: WorkScene, name: string): string {
  switch (action.kind) {
    case 'assign':
      if (action.assigneeId && action.teamId) return `${name} is assigned to ${assignee}, team ${team}.`
      if (action.assigneeId) return `${name} is assigned to ${assignee}.`
      if (action.teamId) return `${name} is assigned to team ${team}.`
      if (action.assigneeId === undefined) return `${name} is assigned to no team any more.`
      return `${name} is assigned to nobody.`
    case 'resolve':
      return `The conversation with ${name} is resolved.`
    case 'reopen':
      return `The conversation with ${name} is open again.`
    case 'snooze':
      return action.until === null
        ? `The conversation with ${name} sleeps until the customer writes.`
        : `The conversation with ${name} sleeps until ${untilInWords(action.until, now)}.`
    case 'label':
      if (label === null) return `The labels of ${name} are changed.`
      return action.add?.length
        ? `${name} is labelled “${label}”.`
        : `${name} is no longer labelled “${label}”.`
    case 'markRead':
      return `The conversation with ${name} is marked as read.`
  }
}

function doneToMany(action: WorkAction, { count, assignee, team, label, now }: WorkScene): string {
  switch (action.kind) {
    case 'assign':
      if (action.assigneeId && action.teamId)
        return `${count} conversations are assigned to ${assignee}, team ${team}.`
      if (action.assigneeId) return `${count} conversations are assigned to ${assignee}.`
      if (action.teamId) return `${count} conversations are assigned to team ${team}.`
      if (action.assigneeId === undefined) return `${count} conversations are assigned to no team any more.`
      return `${count} conversations are assigned to nobody.`
    case 'resolve':
      return `${count} conversations are resolved.`
    case 'reopen':
      return `${count} conversations are open again.`
    case 'snooze':
      return action.until === null
        ? `${count} conversations sleep until their customers write.`
        : `${count} conversations sleep until ${untilInWords(action.until, now)}.`
    case 'label':
      if (label === null) return `The labels of ${count} conversations are changed.`
      return action.add?.length
        ? `${count} conversations are labelled “${label}”.`
        : `${count} conversations are no longer labelled “${label}”.`
    case 'markRead':
      return `${count} conversations are marked as read.`
  }
}

/** Which of them stay as they were, and why: the server's sentence, or the most frequent one of several. */
export function refusedInWords(
  refused: readonly { message: string; reason?: string | null }[],
  total: number,
): string {
  const counts = new Map<string, number>()
  for (const { reason, message } of refused) {
    const words = refusalInWords(reason, message)
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  const [message = ''] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? []
  return total === 1 ? message : `${refused.length} of ${total} conversations stay as they were. ${message}`
}
