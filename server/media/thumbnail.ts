export type Picture = {
  /** In pixels, the way up that it is shown. */
  width: number
  height: number
  /** A small WebP; null where the picture is small itself. */
  thumbnail: Uint8Array | null
}

const LONGEST_SIDE = 320
/** A picture of more is a bomb, or nobody's photograph. */
const MOST_PIXELS = 100_000_000
const SMALL_BYTES = 20 * 1024
/** What is decoded: what WhatsApp takes and what cameras make. SVG, PDF and the like are programs rather than pictures. */
const DECODED = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

let loading: Promise<typeof import('sharp').default> | null = null

/** Loaded with the first picture: most processes never see one, and it is megabytes of native code. */
function loadSharp() {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // Both cores are wanted by others, and a cache of decoded pictures helps nobody who makes one thumbnail of each.
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  })
  return loading
}

/** Whether a picture of this type can be looked into. */
export function isDecoded(type: string): boolean {
  return DECODED.includes(type)
}

/** Size and thumbnail of a picture; null when its bytes are none. */
export async function lookAtPicture(bytes: Uint8Array): Promise<Picture | null> {
  const sharp = await loadSharp()
  try {
    const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 })
    const { autoOrient } = await picture.metadata()
    const { width, height } = autoOrient
    const isSmall = Math.max(width, height) <= LONGEST_SIDE && bytes.byteLength <= SMALL_BYTES
    if (isSmall) return { width, height, thumbnail: null }
    const thumbnail = await picture
      .autoOrient()
      .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 70, effort: 2 })
      .toBuffer()
    return { width, height, thumbnail }
  } catch {
    return null
  }
}
