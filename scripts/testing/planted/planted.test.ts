import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { root } from '../../install.ts'
import { type Flaw, plantedSource } from './flaw.ts'
import { FLAWS } from './flaws.ts'
import { runPlanted } from './runPlanted.ts'

/**
 * A test that can not fail proves nothing: so each flaw is planted, and the test that watches for it must fail, while a test
 * beside it still passes. Two at a time; each in a process of its own.
 */
const AT_ONCE = 2
const WITHIN_MS = 180_000

const running = new Map<Flaw, Promise<void>>()
let last: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve())
for (const [index, flaw] of FLAWS.entries()) {
  const line = index % AT_ONCE
  const run = (last[line] ?? Promise.resolve()).then(() => isNoticed(flaw))
  running.set(flaw, run)
  last = last.with(
    line,
    run.catch(() => {}),
  )
}

async function isNoticed(flaw: Flaw): Promise<void> {
  const source = plantedSource(await Bun.file(join(root, flaw.file)).text(), flaw)
  const names = [flaw.fails, ...(flaw.passes === null ? [] : [flaw.passes])]
  const { file, test: path } = flaw
  const run = await runPlanted({
    file,
    source,
    tests: [path],
    named: names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
    withinMs: WITHIN_MS,
  })
  const failed = run.failed.some((name) => name.includes(flaw.fails))
  const passed = flaw.passes === null || run.passed.some((name) => name.includes(flaw.passes ?? ''))
  if (run.isLoaded && failed && passed) return
  const { isLoaded, isTimedOut, output } = run
  throw new Error(`${JSON.stringify({ isLoaded, isTimedOut, failed, passed })}\n${output.slice(-3000)}`)
}

for (const [flaw, run] of running) {
  test(`${flaw.ids} would be noticed: ${flaw.what}`, () => run, FLAWS.length * WITHIN_MS)
}

test('every flaw of the table is planted', () => {
  const published = FLAWS.flatMap(({ ids }) => ids.split(', '))
  for (const id of [
    ...[
      'GHSA-7rw7-pc8v-mrr3',
      'CVE-2026-115725',
      'CVE-2025-21628',
      'CVE-2021-3740',
      'CVE-2021-3741',
      'CVE-2021-3742',
    ],
    ...['CW-6931', 'CW-6940', 'CVE-2024-39713', 'CVE-2026-48616', 'CVE-2026-56845', 'CVE-2022-32211'],
    ...['CVE-2026-45349', 'CVE-2026-44569', 'GHSA-4qcv-qf38-5j3j', 'GHSA-f53g-frr2-jhpf', 'CVE-2019-1000022'],
    ...['CVE-2026-27616', 'GHSA-ch8j-vr4r-qf6h', 'CVE-2024-21491', 'CVE-2024-45607'],
    ...['CVE-2026-110765', 'CVE-2026-56837', 'CVE-2026-28465', 'CVE-2026-32974', 'CVE-2026-28454'],
  ])
    expect(published).toContain(id)
})
