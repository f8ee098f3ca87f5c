import { installPackages } from './install.ts'

/** The stream consumer as a process of its own; any number of them share the work. */
await installPackages()
const { joinRunning } = await import('./services/joinRunning.ts')
joinRunning(process.env)
await import('../server/ingest/process.ts')
