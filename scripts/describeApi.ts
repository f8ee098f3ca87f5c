import { relative } from 'node:path'
import { installPackages, root } from './install.ts'

/** `bun run api:describe`: writes down what the sources say of the API, for the OpenAPI document of a running server. */
await installPackages()
const { describeApi, DESCRIPTION_FILE } = await import('./api/describe.ts')

const description = describeApi()
await Bun.write(DESCRIPTION_FILE, `${JSON.stringify(description, null, 2)}\n`)
const count = Object.keys(description.procedures).length
console.log(
  `${count} procedures are described in ${relative(root, DESCRIPTION_FILE)}. Look at it with: bun start, then /api/docs`,
)
