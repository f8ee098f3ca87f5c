import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BUILD = join(import.meta.dir, '../build')
/** Where a build says which version it is; nothing else changes when nothing else was changed. */
const SAY_THE_VERSION = ['_app/version.json', 'service-worker.js', '200.html']

export type Deployed = {
  folder: string
  /** Puts another version where the server takes its pages from, as a deployment does. */
  another(version: string): Promise<void>
  remove(): Promise<void>
}

/** A copy of the built web app that can be replaced by other versions while it is served. */
export async function deploy(): Promise<Deployed> {
  const folder = join(await mkdtemp(join(tmpdir(), 'baton-site-')), 'build')
  await cp(BUILD, folder, { recursive: true })
  let current: string = (await Bun.file(join(folder, '_app/version.json')).json()).version
  return {
    folder,
    another: async (version) => {
      for (const name of SAY_THE_VERSION) {
        const path = join(folder, name)
        const text = await Bun.file(path).text()
        if (!text.includes(current)) throw new Error(`${name} does not say its version`)
        for (const packed of ['.br', '.gz']) await rm(path + packed, { force: true })
        await Bun.write(path, text.replaceAll(current, version))
      }
      current = version
    },
    remove: () => rm(join(folder, '..'), { recursive: true }),
  }
}
