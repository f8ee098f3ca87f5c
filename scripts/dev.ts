import { installPackages } from './install.ts'

/** The same as start, with a server and a web app that reload as they are edited. Only what is built in may be imported above. */
await installPackages()
const { launch } = await import('./services/launch.ts')
const { failWith } = await import('./services/plainError.ts')
await launch('dev').catch(failWith)
