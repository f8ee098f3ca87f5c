import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages, root } from './install.ts'

/** Types, lint, the rules of import and the words of each language, all at once: each finding as file:line, then one line that says how it went. */
await installPackages()
const { runTool, tools } = await import('./check/tools.ts')
const { breaches } = await import('./check/rules.ts')
const { wordFindings } = await import('./check/words.ts')
const { step } = await import('./services/progress.ts')

const found = (findings: unknown[]) => (findings.length === 0 ? 'clean' : `${findings.length} found`)
const results = await Promise.all([
  ...tools.map((tool) => step(tool.name, () => runTool(tool), found)),
  step('import rules', importRules, found),
  step('words', async () => wordFindings(), found),
])
const findings = results.flat()
for (const { file, line, message } of findings) console.log(`${file}:${line} ${message}`)
console.log(
  findings.length === 0
    ? 'Everything is in order.'
    : `${findings.length} to put in order (format and imports: bun run format).`,
)
process.exit(findings.length === 0 ? 0 : 1)

async function importRules() {
  // One glob for each folder: Bun finds nothing for a pattern with a slash inside its braces.
  const files = ['server', 'db', 'web/src', 'scripts/simulate/page'].flatMap((folder) =>
    [...new Bun.Glob(`${folder}/**/*.{ts,js,svelte}`).scanSync(root)].sort(),
  )
  if (files.length === 0) throw new Error('The import rules found no file to look at')
  return files.flatMap((file) => breaches(file, readFileSync(join(root, file), 'utf8')))
}
