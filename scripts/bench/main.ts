import { installPackages } from '../install.ts'

/** `bun run bench`: the figures of `docs/figures.md`. Only what is built in may be imported above: see `install.ts`. */
await installPackages()
const { readOptions, usage } = await import('./options.ts')
const { failWith } = await import('../services/plainError.ts')
try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(usage)
  else {
    const { bench } = await import('./bench.ts')
    process.exit(await bench(options))
  }
} catch (error) {
  failWith(error)
}
