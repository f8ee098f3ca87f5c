import { installPackages } from '../install.ts'

/** `bun run chaos`: only what is built in may be imported above, since a fresh clone has no packages yet. */
await installPackages()
const { runChaos } = await import('./runChaos.ts')
const { failWith } = await import('../services/plainError.ts')
await runChaos(process.argv.slice(2)).then((code) => process.exit(code), failWith)
