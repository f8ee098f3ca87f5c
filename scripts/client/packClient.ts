import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dependencies, version } from '../../package.json'
import { root } from '../install.ts'
import { PlainError } from '../services/plainError.ts'
import { typesOf } from './typesOf.ts'

const ENTRY = 'server/client/index.ts'
const NAME = 'baton-client'
/** What the client needs at run time, and its types to be understood: the same versions as the server's. */
const NEEDED = ['@trpc/client', '@trpc/server', 'eventsource'] as const

/**
 * Packs the client for developers: one file of JavaScript, the declarations of what it mentions, and the names of the three
 * packages that it needs. Gives the path of the tarball.
 */
export async function packClient(destination: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-pack-'))
  try {
    await write(folder)
    mkdirSync(destination, { recursive: true })
    await run(['pm', 'pack', '--destination', destination, '--quiet'], folder)
    return join(destination, `${NAME}-${version}.tgz`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function write(folder: string): Promise<void> {
  const { files, packages } = typesOf(ENTRY)
  const missing = [...packages].filter((name) => !NEEDED.some((needed) => needed === name))
  if (missing.length > 0)
    throw new PlainError(`The client's types speak of ${missing.join(', ')}, which it does not bring.`)
  for (const [path, text] of files) await Bun.write(join(folder, 'types', path), text)
  const built = await Bun.build({
    entrypoints: [join(root, ENTRY)],
    outdir: folder,
    format: 'esm',
    target: 'node',
    packages: 'external',
  })
  if (!built.success) throw new PlainError(`The client could not be built:\n${built.logs.join('\n')}`)
  const manifest = {
    name: NAME,
    version,
    description: 'Every procedure of a Baton inbox, typed.',
    // Handed on as a file: nobody shall publish it by mistake.
    private: true,
    license: 'UNLICENSED',
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: `./types/${ENTRY.replace('.ts', '.d.ts')}`, default: './index.js' } },
    files: ['index.js', 'types'],
    dependencies: Object.fromEntries(NEEDED.map((name) => [name, dependencies[name]])),
  }
  await Bun.write(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

async function run(args: string[], cwd: string): Promise<void> {
  const bun = Bun.spawn([process.execPath, ...args], { cwd, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const [code, errors] = await Promise.all([bun.exited, new Response(bun.stderr).text()])
  if (code !== 0) throw new PlainError(`bun ${args.join(' ')} failed:\n${errors.trim()}`)
}
