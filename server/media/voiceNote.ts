import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monoOgg } from './ogg.ts'
import { oggOfOpus } from './opus.ts'
import { opusOfWebm } from './webm.ts'

const CONVERT_WITHIN_MS = 60_000
const BITS_PER_SECOND = '32k'

/**
 * A recording as WhatsApp takes voice notes: Ogg with Opus and one channel. Firefox records that; what Chromium records only has
 * to be packed anew, which loses nothing; Safari's AAC has to be converted, by ffmpeg when this machine has one. Null when it
 * can not be done here.
 */
export async function voiceNoteOf(bytes: Uint8Array, type: string): Promise<Uint8Array | null> {
  if (type === 'audio/ogg') {
    const ogg = monoOgg(bytes)
    if (ogg !== null) return ogg
  }
  if (type.endsWith('/webm')) {
    const stream = opusOfWebm(bytes)
    const ogg = stream && oggOfOpus(stream)
    if (ogg) return ogg
  }
  return converted(bytes)
}

/** By a file, because the index of an MP4 may stand at its end, and ffmpeg has to go back for it. */
async function converted(bytes: Uint8Array): Promise<Uint8Array | null> {
  const ffmpeg = Bun.which('ffmpeg')
  if (ffmpeg === null) return null
  const folder = await mkdtemp(join(tmpdir(), 'baton-voice-'))
  try {
    const recording = join(folder, 'recording')
    await Bun.write(recording, bytes)
    const format = [
      '-vn',
      '-map_metadata',
      '-1',
      '-ac',
      '1',
      '-ar',
      '48000',
      '-c:a',
      'libopus',
      '-b:a',
      BITS_PER_SECOND,
    ]
    // Only a file is read, whatever the recording refers to.
    const from = ['-v', 'error', '-protocol_whitelist', 'file,pipe', '-i', recording]
    const converter = Bun.spawn([ffmpeg, ...from, ...format, '-f', 'ogg', 'pipe:1'], {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'ignore',
      timeout: CONVERT_WITHIN_MS,
      env: {},
    })
    const ogg = await new Response(converter.stdout).bytes()
    return (await converter.exited) === 0 && ogg.byteLength > 0 ? ogg : null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
