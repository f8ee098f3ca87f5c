import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { JournalEntry } from './entry.ts'

/** An append-only list of entries; without a path it lives in memory only. */
export interface Journal {
  readonly past: readonly JournalEntry[]
  append(entry: JournalEntry): void
  close(): void
}

/**
 * Opens the journal at `path` and reads what it holds.
 *
 * A process that was killed may leave a torn last line. It is left out, and the next entry starts on a line of
 * its own; a torn line anywhere else means that somebody edited the file, which is said aloud.
 */
export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return { past: [], append: () => {}, close: () => {} }
  mkdirSync(dirname(path), { recursive: true })
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const past = parseLines(text, path)
  const file = openSync(path, 'a', 0o600)
  if (text !== '' && !text.endsWith('\n')) writeSync(file, '\n')
  let isOpen = true
  return {
    past,
    // A synchronous write survives the end of this process at any instant, which is all that the phones need.
    append: (entry) => {
      // What still comes in while the process stops belongs to a request whose connection is gone.
      if (isOpen) writeSync(file, `${JSON.stringify(entry)}\n`)
    },
    close: () => {
      if (!isOpen) return
      isOpen = false
      fsyncSync(file)
      closeSync(file)
    },
  }
}

function parseLines(text: string, path: string): JournalEntry[] {
  const lines = text.split('\n')
  const entries: JournalEntry[] = []
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const entry = parseLine(line)
    if (entry) entries.push(entry)
    else if (index < lines.length - 1)
      console.warn(`simulator: line ${index + 1} of ${path} is torn, skipped`)
  }
  return entries
}

function parseLine(line: string): JournalEntry | undefined {
  try {
    return JSON.parse(line) as JournalEntry
  } catch {
    return undefined
  }
}
