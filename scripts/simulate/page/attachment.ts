import type { PlainContent } from '../plainContent.ts'
import { element } from './element.ts'
import { icon } from './icons.ts'

/** The picture, file, place or person of a message; undefined for words alone. */
export function attachment(content: PlainContent, onplay?: () => void): HTMLElement | undefined {
  return drawings[content.kind]?.(content, onplay)
}

type Drawing = (content: PlainContent, onplay?: () => void) => HTMLElement

const drawings: Partial<Record<PlainContent['kind'], Drawing>> = {
  image: ({ source, text }) => element('img', { src: source ?? '', alt: text ?? 'Photo' }),
  sticker: ({ source }) => element('img', { src: source ?? '', alt: 'Sticker' }),
  video: ({ source }) => element('video', { src: source ?? '', controls: true, preload: 'metadata' }),
  audio: sound,
  document: ({ source, fileName }) =>
    element(
      'a',
      { className: 'file', href: source ?? '', download: fileName ?? '' },
      icon('file'),
      fileName ?? 'Document',
    ),
  location: place,
  contact: ({ cards = [] }) => element('div', { className: 'cards' }, ...cards.map(card)),
}

function sound({ source, isVoice }: PlainContent, onplay?: () => void): HTMLElement {
  const player = element('audio', { src: source ?? '', controls: true, preload: 'metadata' })
  if (onplay) player.onplay = onplay
  return element(
    'div',
    { className: isVoice ? 'sound voice' : 'sound', title: isVoice ? 'Voice message' : 'Sound' },
    isVoice ? icon('voice') : undefined,
    player,
  )
}

function place({ text, fileName }: PlainContent): HTMLElement {
  const [name, ...rest] = (text ?? '').split('\n')
  const address = rest.join(' ') || fileName || ''
  return element(
    'div',
    { className: 'place' },
    element('div', { className: 'map' }, icon('place')),
    element('b', { textContent: name || 'Location' }),
    element('span', { textContent: address }),
  )
}

function card({ name, phone }: { name: string; phone?: string }): HTMLElement {
  return element(
    'div',
    { className: 'file' },
    icon('person'),
    element(
      'span',
      { className: 'contact' },
      element('b', { textContent: name, dir: 'auto' }),
      phone === undefined ? undefined : element('small', { textContent: phone }),
    ),
  )
}
