import type { MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import { mediaUrl, thumbnailUrl } from './mediaWords.ts'

const WIDEST_PX = 320
const HIGHEST_PX = 360
const NARROWEST_PX = 150
const LOWEST_PX = 80
/** Where nobody has measured it yet. */
const UNKNOWN = { width: 264, height: 150 }
/** A photo up to this size is shown itself, sharp on every screen; a heavier one by its thumbnail. */
const LIGHT_BYTES = 400 * 1024

export type Box = { width: number; height: number }

/** The room that a picture takes in the thread: known before its first byte is here, so that nothing jumps. */
export function boxOf({ width, height }: Pick<MediaSnapshot, 'width' | 'height'>): Box {
  if (!width || !height) return UNKNOWN
  const scale = Math.min(1, WIDEST_PX / width, HIGHEST_PX / height)
  return {
    width: Math.max(NARROWEST_PX, Math.round(width * scale)),
    height: Math.max(LOWEST_PX, Math.round(height * scale)),
  }
}

/** What stands in the thread for it; null when there is nothing to show but its name. */
export function pictureUrl({ id, kind, hasThumbnail, sizeBytes }: MediaSnapshot): string | null {
  if (kind === 'video') return hasThumbnail ? thumbnailUrl(id) : null
  return hasThumbnail && (sizeBytes ?? 0) > LIGHT_BYTES ? thumbnailUrl(id) : mediaUrl(id)
}
