/** Peaks, 0 to 100, cut or stretched to so many bars; a flat line of dots where nobody measured. */
export function barsOf(waveform: readonly number[] | null, count: number): number[] {
  if (!waveform || waveform.length === 0) return Array.from({ length: count }, () => 0)
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * waveform.length) / count)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * waveform.length) / count))
    return Math.max(...waveform.slice(from, to))
  })
}

const BARS = 32
/** The box that the bars stand in: each has two units of its width. */
const HEIGHT = 26
const LOWEST = 3

/** The bars as one line of an SVG, in a box of 64 by 26. */
export function lineOf(waveform: readonly number[] | null): string {
  return barsOf(waveform, BARS)
    .map((peak, bar) => {
      const half = (Math.max(LOWEST, (peak / 100) * HEIGHT) - LOWEST) / 2
      return `M${2 * bar + 1} ${HEIGHT / 2 - half}v${2 * half}`
    })
    .join('')
}
