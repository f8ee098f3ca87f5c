const NOTES = [
  { hertz: 659.26, atS: 0 },
  { hertz: 880, atS: 0.11 },
]
const LASTS_S = 0.32
const LOUDNESS = 0.09

let context: AudioContext | null = null

/** Two short notes, made on the spot. Browsers stay silent until somebody has touched the page once. */
export function play() {
  try {
    context ??= new AudioContext()
    if (context.state === 'suspended') void context.resume().catch(() => {})
    for (const note of NOTES) sound(context, note)
  } catch {
    // A device without sound stays silent.
  }
}

function sound(audio: AudioContext, { hertz, atS }: (typeof NOTES)[number]) {
  const startS = audio.currentTime + atS
  const loudness = audio.createGain()
  // It swells and fades: an edge would be heard as a click.
  loudness.gain.setValueAtTime(0, startS)
  loudness.gain.linearRampToValueAtTime(LOUDNESS, startS + 0.02)
  loudness.gain.exponentialRampToValueAtTime(0.0001, startS + LASTS_S)
  const tone = audio.createOscillator()
  tone.type = 'sine'
  tone.frequency.value = hertz
  tone.connect(loudness).connect(audio.destination)
  tone.start(startS)
  tone.stop(startS + LASTS_S)
}
