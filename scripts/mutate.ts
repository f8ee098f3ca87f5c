import { installPackages } from './install.ts'

/** Mutation testing of what must not be wrong. See `scripts/mutate/main.ts`. */
await installPackages()
await import('./mutate/main.ts')
