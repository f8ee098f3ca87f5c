const WINDOW_SAMPLES = 512
/** Speech is rarely louder than this; the bars then use their whole height. */
const LOUD = 0.35

/** How loud a stream is at the moment, 0 to 1. */
export function loudness(stream: MediaStream): { now(): number; stop(): void } {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = WINDOW_SAMPLES
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(WINDOW_SAMPLES)
  return {
    now() {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      return Math.min(1, Math.sqrt(power) / LOUD)
    },
    stop: () => void context.close().catch(() => {}),
  }
}
