import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pagePolicy } from './securityHeaders.ts'

/** SvelteKit's name for the page that starts the app at any address. */
export const SHELL = '200.html'

export type SiteFile = { path: string; type: string; etag: string; encodings: Set<string> }
export type SiteFiles = {
  /** By URL path, for example `/_app/immutable/entry/start.js`. */
  files: Map<string, SiteFile>
  shell: SiteFile
  policy: string
  builtAtMs: number
}

/** The encodings a build may lie there in, best first, and how their files end. */
export const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/**
 * What the build holds, read once for each build: a request is looked up in this list and never turned into a path, so
 * there is no way out of the folder. Null when there is no build.
 */
export async function readSite(folder: string, origins: string[]): Promise<SiteFiles | null> {
  const builtAtMs = await builtAt(folder)
  if (builtAtMs === null) return null
  const names = await Array.fromAsync(new Bun.Glob('**/*').scan({ cwd: folder, onlyFiles: true, dot: true }))
  const known = new Set(names)
  const files = new Map<string, SiteFile>()
  for (const name of names) files.set(`/${name}`, await siteFile(folder, name, known))
  const shell = files.get(`/${SHELL}`)
  if (!shell) return null
  const html = await Bun.file(shell.path).text()
  return { files, shell, policy: pagePolicy(html, origins), builtAtMs }
}

/** When the build was made; null when there is none. */
export async function builtAt(folder: string): Promise<number | null> {
  try {
    return (await stat(join(folder, SHELL))).mtimeMs
  } catch {
    return null
  }
}

async function siteFile(folder: string, name: string, known: Set<string>): Promise<SiteFile> {
  const path = join(folder, name)
  const { size, mtimeMs } = await stat(path)
  return {
    path,
    type: name.endsWith('.webmanifest') ? 'application/manifest+json' : Bun.file(path).type,
    etag: `W/"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`,
    encodings: new Set(
      ENCODINGS.filter(([, suffix]) => known.has(name + suffix)).map(([encoding]) => encoding),
    ),
  }
}
