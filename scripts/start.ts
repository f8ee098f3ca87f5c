import { installPackages } from './install.ts'

/** Everything Baton needs, on a machine that may have nothing yet. Only what is built in may be imported above. */
await installPackages()
const { launch } = await import('./services/launch.ts')
const { failWith } = await import('./services/plainError.ts')
await launch('start').catch(failWith)
