/** Between two tabs. */
const GAP_PX = 2

/**
 * Which tabs fit beside each other, in their order; the others go into a menu. The chosen one is always among them, so that one sees
 * where one is: it takes the place of the last that fits. Widths of 0 were not measured yet.
 */
export function fittingTabs(widths: readonly number[], room: number, chosen: number): number[] {
  const fitting: number[] = []
  let [used, isFull] = [0, false]
  for (const [index, width] of widths.entries()) {
    const reserved = chosen > index ? (widths[chosen] ?? 0) + GAP_PX : 0
    isFull ||= index !== chosen && used + width + GAP_PX + reserved > room
    if (isFull && index !== chosen) continue
    fitting.push(index)
    used += width + GAP_PX
  }
  return fitting
}
