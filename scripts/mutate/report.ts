import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../install.ts'
import type { Area } from './areas.ts'
import type { Tried } from './tryMutants.ts'

export type AreaFigures = {
  name: string
  files: number
  mutants: number
  killed: number
  percent: number
  floor: number
}

export function figuresOf({ name, files, floor }: Area, tried: readonly Tried[]): AreaFigures {
  const killed = tried.filter(({ fate }) => fate === 'killed').length
  const percent = tried.length === 0 ? 0 : Math.floor((killed / tried.length) * 1000) / 10
  return { name, files: files.length, mutants: tried.length, killed, percent, floor }
}

export function lineOf({ name, mutants, killed, percent, floor }: AreaFigures): string {
  const verdict = percent >= floor ? 'ok' : 'BELOW ITS FLOOR'
  return `${name}: ${killed} of ${mutants} mutants killed (${percent} %, floor ${floor} %): ${verdict}`
}

/** Writes `docs/figures-mutation.md` anew, from a run of all areas. */
export function writeMutationFigures(
  figures: readonly AreaFigures[],
  tried: readonly Tried[],
  at: Date,
): void {
  const rows = figures.map(
    ({ name, files, mutants, killed, percent, floor }) =>
      `| ${name} | ${files} | ${mutants} | ${killed} | ${percent} % | ${floor} % |`,
  )
  const survivors = tried.filter(({ fate }) => fate !== 'killed')
  const lines = survivors.map(
    ({ file, mutant, fate }) =>
      `- \`${file}:${mutant.line}\` ${fate}: \`${mutant.what.replaceAll('`', "'")}\``,
  )
  const text = `# Figures of mutation testing

Written by \`bun run mutate --write\` on ${at.toISOString().slice(0, 10)}; do not edit. Each mutant is one small change of the
program (a condition the other way round, an operator, a constant, a statement or an \`await\` left out, a word of SQL); killed is one that
a test noticed.

| area | files | mutants | killed | share | floor |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

## Not noticed

${lines.length === 0 ? 'None.' : lines.join('\n')}
`
  writeFileSync(join(root, 'docs/figures-mutation.md'), text)
}
