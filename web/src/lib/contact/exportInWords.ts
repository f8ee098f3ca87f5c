import { sizeInWords } from '../media/mediaWords.ts'
import { say } from '../words/words.ts'
import type { Inventory } from './inventoried.svelte.ts'

/** What an export will hold, line by line. */
export function exportInWords({ conversations, groups, messages, files, fileBytes }: Inventory): string[] {
  const size = sizeInWords(fileBytes)
  return [
    'Names, numbers, details, labels and consent',
    ...(conversations > 0
      ? [conversations === 1 ? say('1 conversation') : `${conversations} conversations`]
      : []),
    ...(groups > 0
      ? [groups === 1 ? 'What they wrote in 1 group' : `What they wrote in ${groups} groups`]
      : []),
    messages === 1 ? say('1 message') : `${messages} messages`,
    ...(files > 0 ? [files === 1 ? `1 file (${size})` : `${files} files (${size})`] : []),
  ]
}
