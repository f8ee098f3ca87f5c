import { sizeInWords } from '../media/mediaWords.ts'
import { say } from '../words/words.ts'
import type { Inventory } from './inventoried.svelte.ts'

/** What an erasure would take away, line by line. */
export function erasureInWords(what: Inventory): string[] {
  const { conversations, messages, notes, files, fileBytes, drafts, groups } = what
  const unsent = what.scheduled + what.queued
  const size = sizeInWords(fileBytes)
  return [
    ...(conversations > 0
      ? [conversations === 1 ? say('1 conversation goes.') : `${conversations} conversations go.`]
      : []),
    messages === 1 ? say('1 message goes.') : `${messages} messages go.`,
    ...(notes > 0 ? [notes === 1 ? say('1 private note goes.') : `${notes} private notes go.`] : []),
    ...(files > 0 ? [files === 1 ? `1 file goes (${size}).` : `${files} files go (${size}).`] : []),
    ...(drafts > 0 ? [drafts === 1 ? say('1 draft goes.') : `${drafts} drafts go.`] : []),
    ...(unsent > 0
      ? [
          unsent === 1
            ? say('1 message that waits to be sent is called back.')
            : `${unsent} messages that wait to be sent are called back.`,
        ]
      : []),
    ...(groups > 0
      ? [
          groups === 1
            ? 'What they wrote in 1 group goes, and the group stays.'
            : `What they wrote in ${groups} groups goes, and the groups stay.`,
        ]
      : []),
    'Their names, numbers, details, labels and consent go too.',
  ]
}
