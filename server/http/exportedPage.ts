import type { ExportedMessage } from '../inbox/exportedMessages.ts'
import { exportedFileName } from '../inbox/exportedNames.ts'

/** A conversation as a page that opens in any browser, without a network: names and words are text, and nothing in it runs. */
export async function* exportedPage(
  title: string,
  customer: string,
  messages: AsyncIterable<ExportedMessage>,
): AsyncGenerator<string> {
  yield `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:">
<title>${escaped(title)}</title>
<style>
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1c1c1e; }
article { margin: 0 0 .75rem; padding: .5rem .75rem; border-radius: .6rem; background: #f1f1f4; }
article.out { background: #e3f4e9; } article.note { background: #fdf3d7; }
header { font-size: .8rem; color: #5b5b62; } p { margin: .2rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
<h1>${escaped(title)}</h1>
`
  for await (const message of messages) yield articleOf(message, customer)
  yield '</html>\n'
}

function articleOf(message: ExportedMessage, customer: string): string {
  const { direction, sentAt, body, content, media, edit, revokedAt, reactions, status } = message
  const who = direction === 'in' ? (message.authorName ?? customer) : (message.agent?.name ?? 'Us')
  const state = [
    direction === 'note' ? 'private note' : '',
    direction === 'out' ? status : '',
    edit ? 'edited' : '',
    revokedAt ? 'taken back' : '',
  ]
  const facts = state.filter((word) => word !== '').join(', ')
  const words = body ?? ''
  const lines = [
    words === '' ? '' : `<p>${escaped(words)}</p>`,
    edit?.body ? `<p>Edited to: ${escaped(edit.body)}</p>` : '',
    media ? fileLine(media) : '',
    words === '' && !media ? `<p>(${escaped(content.kind)})</p>` : '',
    reactions.length > 0 ? `<p>Reactions: ${escaped(reactions.map((one) => one.emoji).join(' '))}</p>` : '',
  ]
  const at = sentAt.replace('T', ' ').replace(/\..*/, ' UTC')
  const head = `<header><b>${escaped(who)}</b> · <time datetime="${escaped(sentAt)}">${escaped(at)}</time>${facts ? ` · ${escaped(facts)}` : ''}</header>`
  return `<article class="${escaped(direction)}">${head}${lines.join('')}</article>\n`
}

function fileLine(media: NonNullable<ExportedMessage['media']>): string {
  const name = exportedFileName(media)
  if (media.state !== 'stored') return `<p>A file that is not here (${escaped(media.kind)}).</p>`
  const address = name.split('/').map(encodeURIComponent).join('/')
  return `<p><a href="${escaped(address)}">${escaped(name)}</a></p>`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')
