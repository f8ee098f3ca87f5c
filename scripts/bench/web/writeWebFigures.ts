import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { root } from '../../install.ts'
import type { Figure } from '../figure.ts'
import { markdownTable } from '../report.ts'
import type { Stage } from '../stage.ts'
import { SLOW_DOWN } from './browserTab.ts'

const FILE = 'docs/figures-web.md'

/** Writes the page of the browser's figures. Returns its path. */
export async function writeWebFigures(
  figures: readonly Figure[],
  stage: Stage,
  startedAt: Date,
): Promise<string> {
  const minutes = ((Date.now() - startedAt.getTime()) / 60_000).toFixed(1)
  writeFileSync(
    join(root, FILE),
    `# Figures of the inbox in a browser

Made by \`bun run bench --web\` on ${startedAt.toISOString().slice(0, 10)} in ${minutes} minutes. The same command repeats them: the product with all roles,
Redis and PostgreSQL ${stage.postgresVersion} of its own, and headless Chromium whose page is slowed down ${SLOW_DOWN} times, all on ${cpus().length} cores
(${cpus()[0]?.model ?? 'unknown'}). Of a target on the ratio, the ratio counts, else the value.

${markdownTable(figures)}

\`web-js\` counts what the first route has loaded when its list can be used. \`web-scroll\` and \`web-open-…\` stand beside a static page of the
same bubbles and a thread of fifty messages, measured in the same run.
`,
  )
  return FILE
}
