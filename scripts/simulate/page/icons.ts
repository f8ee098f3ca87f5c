/** Line icons on a grid of 24, drawn for this page. */
const paths = {
  plus: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01',
  close: 'M6 6l12 12M18 6L6 18',
  photo:
    'M4 8.5A1.5 1.5 0 0 1 5.5 7h2L9 5h6l1.5 2h2A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5zM12 16a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  voice: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5V21',
  place:
    'M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  send: 'M5 12h13M12 5.5l6.5 6.5-6.5 6.5',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14c.8 1.2 2 2 3.5 2s2.700-.8 3.5-2M9 9.5h.01M15 9.5h.01',
  reply: 'M9 7L4 12l5 5M4.5 12H14a6 6 0 0 1 6 6v.5',
  file: 'M14 3H7.5A1.5 1.5 0 0 0 6 4.5v15A1.5 1.5 0 0 0 7.5 21h9a1.5 1.5 0 0 0 1.5-1.5V7zM14 3v4h4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c.6-3.5 3.400-5.5 7-5.5s6.400 2 7 5.5',
  waiting: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.5l3 1.5',
  arrived: 'M5 12.5l4.5 4.5L19 7.5',
  read: 'M2 12.5l4.5 4.5L16 7.5M12 16.5l.5.5L22 7.5',
} as const

export type IconName = keyof typeof paths

const svg = 'http://www.w3.org/2000/svg'

/** An icon without a name of its own: what it means stands beside it or on its button. */
export function icon(name: IconName): SVGSVGElement {
  const drawing = document.createElementNS(svg, 'svg')
  drawing.setAttribute('viewBox', '0 0 24 24')
  drawing.setAttribute('class', 'drawing')
  drawing.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', paths[name])
  drawing.append(path)
  return drawing
}

/** Puts the icons into the places that the HTML keeps for them. */
export function fillIcons(): void {
  for (const place of Array.from(document.querySelectorAll<HTMLElement>('[data-icon]'))) {
    const name = place.dataset.icon as IconName
    place.replaceChildren(icon(name))
  }
}
