const ICON = '/favicon.svg'
const SIZE = 64
const MOST = 9

/** The number on the icon of the tab, and on that of the installed app. */
export class TabBadge {
  #image: Promise<HTMLImageElement> | null = null
  #shown = ''

  async show(count: number): Promise<void> {
    showOnApp(count)
    const words = inShort(count)
    if (words === this.#shown) return
    this.#shown = words
    const href = words === '' ? ICON : await this.#drawn(words).catch(() => ICON)
    // Meanwhile another number may have come.
    if (this.#shown === words) linkOfIcon().href = href
  }

  async #drawn(words: string): Promise<string> {
    this.#image ??= loaded(ICON)
    const image = await this.#image
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = SIZE
    const pen = canvas.getContext('2d')
    if (!pen) return ICON
    pen.drawImage(image, 0, 0, SIZE, SIZE)
    drawBadge(pen, words)
    return canvas.toDataURL('image/png')
  }
}

/** What fits on an icon: a digit, `9+`, or nothing. */
export function inShort(count: number): string {
  if (count <= 0) return ''
  return count > MOST ? `${MOST}+` : `${count}`
}

function drawBadge(pen: CanvasRenderingContext2D, words: string) {
  const [radius, middle] = [20, SIZE - 21]
  pen.fillStyle = '#ffffff'
  circle(pen, middle, radius + 3)
  pen.fillStyle = '#b3261e'
  circle(pen, middle, radius)
  pen.fillStyle = '#ffffff'
  pen.font = `700 ${words.length > 1 ? 24 : 30}px system-ui, sans-serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(words, middle, middle + 2)
}

function circle(pen: CanvasRenderingContext2D, middle: number, radius: number) {
  pen.beginPath()
  pen.arc(middle, middle, radius, 0, 2 * Math.PI)
  pen.fill()
}

function linkOfIcon(): HTMLLinkElement {
  const held = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (held) return held
  const link = document.createElement('link')
  link.rel = 'icon'
  document.head.append(link)
  return link
}

async function loaded(src: string): Promise<HTMLImageElement> {
  const image = new Image(SIZE, SIZE)
  image.src = src
  await image.decode()
  return image
}

/** Only an installed app has one; elsewhere the browser says no, or nothing. */
function showOnApp(count: number) {
  if (!('setAppBadge' in navigator)) return
  void (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {})
}
