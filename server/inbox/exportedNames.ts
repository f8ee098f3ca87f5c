import type { MediaSnapshot } from './snapshot.ts'

/**
 * What files are called in an export. The names that customers gave them stand there only as far as they are letters, digits and a
 * few signs: nothing leads out of the folder, hides, or turns the direction of reading.
 */
export function exportedFileName({ id, kind, filename, type }: MediaSnapshot): string {
  const tail = id.slice(-12)
  const given = plainName(filename ?? '')
  return `files/${tail}-${given === '' ? `${kind}${extensionOf(type)}` : given}`
}

/** The n-th conversation, by the name of its channel. */
export function exportedConversationName(number: number, channel: string): string {
  const name = plainName(channel)
  return `conversation-${String(number).padStart(2, '0')}${name === '' ? '' : `-${name}`}`
}

const LONGEST = 80

/** Letters of any language, digits, and dots and hyphens between them. */
export function plainName(name: string): string {
  const plain = name
    .normalize('NFC')
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{N}.\-_]+/gu, '-')
    .replaceAll(/[.\-_]{2,}/g, '-')
    .replaceAll(/^[.\-_]+|[.\-_]+$/g, '')
  if (plain.length <= LONGEST) return plain
  const extension = /\.[\p{L}\p{N}]{1,10}$/u.exec(plain)?.[0] ?? ''
  return (
    [...plain]
      .slice(0, LONGEST - extension.length)
      .join('')
      .replaceAll(/[.\-_]+$/g, '') + extension
  )
}

function extensionOf(type: string | null): string {
  const subtype = type?.split(';')[0]?.split('/')[1] ?? ''
  return /^[a-z0-9]{2,5}$/.test(subtype) ? `.${subtype}` : ''
}
