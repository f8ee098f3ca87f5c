const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/**
 * What a sentence is found by in a compiled catalogue: FNV-1a, short, and the same wherever it stands. The build makes the
 * catalogues with it and the browser asks with it, so that no key stands in the code beside the English. `bun run check` says
 * when two sentences have one key.
 */
export function keyOf(text: string): string {
  let hash = OFFSET
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME)
  return (hash >>> 0).toString(36)
}
