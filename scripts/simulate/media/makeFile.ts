import type { ParsedAct } from '../act.ts'
import type { Chance } from '../chance.ts'
import { writeDocument } from './document.ts'
import { drawJpeg } from './jpeg.ts'
import type { NewFile } from './mediaStore.ts'
import { drawPicture } from './picture.ts'
import { drawSticker } from './sticker.ts'
import { recordVideo } from './video.ts'
import { recordVoice } from './voice.ts'

type FileAct = Extract<ParsedAct, { type: 'image' | 'video' | 'voice' | 'sticker' | 'document' }>

/** The file that a customer sends when nothing else is at hand: made in code, and a real one of its kind. */
export function makeFile(act: FileAct, chance: Chance): Omit<NewFile, 'author'> {
  switch (act.type) {
    case 'image':
      return act.format === 'png'
        ? { bytes: drawPicture(chance), mimeType: 'image/png' }
        : { bytes: drawJpeg(chance), mimeType: 'image/jpeg' }
    case 'video':
      return { bytes: recordVideo(chance), mimeType: 'video/mp4' }
    case 'voice':
      return { bytes: recordVoice(act.seconds), mimeType: 'audio/ogg; codecs=opus' }
    case 'sticker':
      return { bytes: drawSticker(chance), mimeType: 'image/webp' }
    case 'document':
      return {
        bytes: writeDocument(act.filename, act.sizeBytes),
        mimeType: 'application/pdf',
        fileName: act.filename,
      }
  }
}
