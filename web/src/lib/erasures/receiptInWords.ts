import { sizeInWords } from '../media/mediaWords.ts'
import { say } from '../words/words.ts'
import type { Receipt } from './erasures.svelte.ts'

/** What was taken away, line by line; what there was none of is left out. */
export function receiptInWords({ counts }: Receipt): string[] {
  const { conversations, messages, notes, files, fileBytes, drafts, unsent, identities, deadLetters } = counts
  const lines: [number, string][] = [
    [conversations, conversations === 1 ? say('1 conversation') : `${conversations} conversations`],
    [messages, messages === 1 ? say('1 message') : `${messages} messages`],
    [notes, notes === 1 ? say('1 private note') : `${notes} private notes`],
    [
      files,
      files === 1 ? `1 file (${sizeInWords(fileBytes)})` : `${files} files (${sizeInWords(fileBytes)})`,
    ],
    [drafts, drafts === 1 ? say('1 draft') : `${drafts} drafts`],
    [
      unsent,
      unsent === 1 ? say('1 message that waited to be sent') : `${unsent} messages that waited to be sent`,
    ],
    [identities, identities === 1 ? say('1 number or id') : `${identities} numbers and ids`],
    [deadLetters, deadLetters === 1 ? say('1 dead letter') : `${deadLetters} dead letters`],
  ]
  return lines.flatMap(([count, words]) => (count > 0 ? [words] : []))
}

/** The receipt as a file for whoever keeps the company's papers. */
export function receiptAsFile(receipt: Receipt): File {
  const text = `${JSON.stringify({ erasure: receipt }, null, 2)}\n`
  return new File([text], `erasure-${receipt.id}.json`, { type: 'application/json' })
}
