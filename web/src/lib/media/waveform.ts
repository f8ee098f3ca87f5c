/** Peaks, 0 to 100, cut or stretched to so many bars; a flat line of dots where nobody measured. */
export function barsOf(waveform: readonly number[] | null, count: number): number[] {
  if (!waveform || waveform.length === 0) return Array.from({ length: count }, () => 0)
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * waveform.length) / count)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * waveform.length) / count))
    return Math.max(...waveform.slice(from, to))
  })
}
