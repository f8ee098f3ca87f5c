import { type Figure, type Verdict, verdictOf } from './figure.ts'

const SIGN: Record<Verdict, string> = { aim: '●', floor: '○', missed: '✗', told: ' ' }
const HEAD = ['', 'what', 'value', 'unit', 'baseline', 'ratio', 'floor', 'aim']

/** One figure on one line, as soon as it is known. */
export function figureLine(one: Figure): string {
  const ratio = one.ratio === null ? '' : ` · ratio ${one.ratio}`
  return `  ${SIGN[verdictOf(one)]} ${one.name} ${written(one.value)} ${one.unit}${ratio}\n      ${one.note}`
}

/** All figures for the terminal. ● reaches the aim, ○ the floor, ✗ neither. */
export function table(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}

/** The same as Markdown, with the notes. */
export function markdownTable(figures: readonly Figure[]): string {
  const head = [...HEAD.slice(1), 'how']
  const rows = figures.map((one) => [...cells(one).slice(1), one.note])
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function cells(one: Figure): string[] {
  const { name, value, unit, baseline, ratio, floor, aim } = one
  return [SIGN[verdictOf(one)], name, written(value), unit, ...[baseline, ratio, floor, aim].map(written)]
}

const written = (value: number | null) => (value === null ? '' : value.toLocaleString('en-US'))
