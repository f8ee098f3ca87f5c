import type { AuditEntry } from './readAudit.ts'

const COLUMNS = ['time', 'actor', 'actor id', 'action', 'channel id', 'conversation id', 'details'] as const

/** The log as a file for spreadsheets, with a line for the names of its columns. */
export function auditAsCsv(entries: readonly AuditEntry[]): string {
  const lines = entries.map((entry) => [
    entry.createdAt,
    entry.actor?.name ?? '',
    entry.actor?.id ?? '',
    entry.action,
    entry.channelId ?? '',
    entry.conversationId ?? '',
    entry.details === null ? '' : JSON.stringify(entry.details),
  ])
  return [COLUMNS, ...lines]
    .map((line) => line.map(cell).join(','))
    .join('\r\n')
    .concat('\r\n')
}

/** A spreadsheet would run what begins like a formula: a name could be one. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

export function auditAsJson(entries: readonly AuditEntry[]): string {
  return `${JSON.stringify(entries, null, 2)}\n`
}
