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
  video:
    'M4 7.5A1.5 1.5 0 0 1 5.5 6h8A1.5 1.5 0 0 1 15 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 16.5zM15 10.5l5-3v9l-5-3',
  sticker:
    'M20 13V6.500A2.500 2.500 0 0 0 17.500 4h-11A2.500 2.500 0 0 0 4 6.500v11A2.500 2.500 0 0 0 6.500 20H13zM20 13h-4.500a2.500 2.500 0 0 0-2.500 2.500V20M8.500 10h.01M14.500 10h.01M9 13c.700.800 1.700 1.200 3 1.200',
  folder:
    'M4 7a1.500 1.500 0 0 1 1.500-1.500h4l2 2.500h7A1.500 1.500 0 0 1 20 9.500V17a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 17z',
  link: 'M10 6H6.500A1.500 1.500 0 0 0 5 7.500v10A1.500 1.500 0 0 0 6.500 19h10a1.500 1.500 0 0 0 1.500-1.500V14M13.500 5H19v5.500M19 5l-8.500 8.500',
  phone:
    'M6.500 4h3l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500v3a1.500 1.500 0 0 1-1.600 1.500A15.500 15.500 0 0 1 5 5.600 1.500 1.500 0 0 1 6.500 4z',
  copy: 'M9 9.500A1.500 1.500 0 0 1 10.500 8h8A1.500 1.500 0 0 1 20 9.500v9a1.500 1.500 0 0 1-1.500 1.500h-8A1.500 1.500 0 0 1 9 18.500zM15 8V5.500A1.500 1.500 0 0 0 13.500 4h-8A1.500 1.500 0 0 0 4 5.500v8A1.500 1.500 0 0 0 5.500 15H9',
  list: 'M9 6.500h11M9 12h11M9 17.500h11M4.500 6.500h.01M4.500 12h.01M4.500 17.500h.01',
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
