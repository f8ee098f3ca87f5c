/** As many as a bubble draws. */
const PEAKS = 64
const SAMPLES_PER_SECOND = 8000
const LONGEST_SECONDS = 30 * 60
const WITHIN_MS = 30_000

/**
 * The peaks of a recording, 0 to 100, by ffmpeg when this machine has one; null when it has none, or can not read it. The loudest
 * is 100: a shape to recognise, no measure of loudness.
 */
export async function waveformOf(bytes: Uint8Array): Promise<number[] | null> {
  const ffmpeg = Bun.which('ffmpeg')
  if (ffmpeg === null) return null
  const format = ['-ac', '1', '-ar', String(SAMPLES_PER_SECOND), '-t', String(LONGEST_SECONDS), '-f', 's16le']
  const decoder = Bun.spawn([ffmpeg, '-v', 'error', '-i', 'pipe:0', ...format, 'pipe:1'], {
    stdin: bytes,
    stdout: 'pipe',
    stderr: 'ignore',
    timeout: WITHIN_MS,
    env: {},
  })
  const sound = await new Response(decoder.stdout).bytes()
  return (await decoder.exited) === 0 ? peaksOf(sound) : null
}

/** The highest of each of {@link PEAKS} equal parts of 16-bit samples. */
export function peaksOf(sound: Uint8Array): number[] | null {
  const samples = new Int16Array(sound.buffer, sound.byteOffset, Math.floor(sound.byteLength / 2))
  if (samples.length < PEAKS) return null
  const peaks = Array.from({ length: PEAKS }, (_, part) => {
    const from = Math.floor((part * samples.length) / PEAKS)
    const to = Math.floor(((part + 1) * samples.length) / PEAKS)
    return samples.subarray(from, to).reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0)
  })
  const loudest = Math.max(...peaks)
  return loudest === 0 ? peaks.map(() => 0) : peaks.map((peak) => Math.round((peak / loudest) * 100))
}
