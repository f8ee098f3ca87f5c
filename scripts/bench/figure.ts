import { TARGETS } from './target.ts'
import { WEB_TARGETS } from './web/target.ts'

const ALL_TARGETS = { ...TARGETS, ...WEB_TARGETS }

/** One measured figure, as `--json` prints it. */
export type Figure = {
  name: string
  value: number
  unit: string
  baseline: number | null
  /** Value through baseline; null where there is none. */
  ratio: number | null
  floor: number | null
  aim: number | null
  note: string
}

/** A figure with its target looked up. `ratio`: the median of interleaved pairs, where there are pairs. */
export function figure(
  name: string,
  value: number,
  unit: string,
  { baseline = null, ratio, note }: { baseline?: number | null; ratio?: number; note: string },
): Figure {
  const target = ALL_TARGETS[name]
  const through = ratio ?? (baseline ? value / baseline : null)
  return {
    name,
    value: tidy(value),
    unit,
    baseline: baseline === null ? null : tidy(baseline),
    ratio: through === null ? null : round(through, 3),
    floor: target?.floor ?? null,
    aim: target?.aim ?? null,
    note,
  }
}

export type Verdict = 'aim' | 'floor' | 'missed' | 'told'

/** How a figure stands to its target. */
export function verdictOf({ name, value, ratio }: Figure): Verdict {
  const target = ALL_TARGETS[name]
  if (target === undefined) return 'told'
  const counted = target.on === 'ratio' ? (ratio ?? Number.NaN) : value
  const reaches = (limit: number) => (target.better === 'more' ? counted >= limit : counted <= limit)
  if (reaches(target.aim)) return 'aim'
  return reaches(target.floor) ? 'floor' : 'missed'
}

const tidy = (value: number) => round(value, Math.abs(value) >= 100 ? 0 : 2)

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
