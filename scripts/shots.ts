import { installPackages } from './install.ts'

/** Pictures of the running inbox. See `scripts/shots/main.ts`. */
await installPackages()
await import('./shots/main.ts')
