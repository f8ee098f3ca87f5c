import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { version } from '../../package.json'
import { root } from '../install.ts'

/** The packages that the client brings along, and what a developer has to compile with. */
const OTHERS = ['@trpc/client', '@trpc/server', 'eventsource', 'eventsource-parser', 'typescript']
/** Nobody listens there: whatever is not at hand fails at once. */
const NO_REGISTRY = 'http://127.0.0.1:1'

export type EmptyProject = {
  folder: string
  /** Runs a program of the project with Bun; gives its exit code and what it said. */
  run(...args: string[]): Promise<{ code: number; output: string }>
  remove(): void
}

/**
 * A project of somebody else: an empty folder that has the client from its tarball, the packages that it names, a compiler,
 * and nothing of ours. Installed by Bun without a network: the other packages are tarballs of those that we have.
 */
export async function createEmptyProject(): Promise<EmptyProject> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-developer-'))
  const packed = join(folder, 'packed')
  const run = (...args: string[]) => runBun(folder, args)
  const tarballs = await Promise.all(OTHERS.map((name) => packInstalled(name, packed)))
  // As its own process: the compiler holds up whatever runs beside it.
  const { code: packCode, output: said } = await runBun(root, ['scripts/packClient.ts', '--to', packed], {})
  if (packCode !== 0) throw new Error(`The client could not be packed:\n${said}`)
  const client = join(packed, `baton-client-${version}.tgz`)
  const write = (name: string, content: unknown) =>
    Bun.write(join(folder, name), JSON.stringify(content, null, 2))
  await write('package.json', {
    name: 'shop-system',
    private: true,
    type: 'module',
    dependencies: { 'baton-client': `file:${client}` },
    devDependencies: { typescript: tarballs.at(-1) },
    overrides: Object.fromEntries(OTHERS.map((name, index) => [name, tarballs[index]])),
  })
  await write('tsconfig.json', {
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'esnext',
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      types: [],
      noEmit: true,
    },
    files: ['example.ts'],
  })
  await Bun.write(join(folder, 'bunfig.toml'), '[install]\npeer = false\n')
  const { code, output } = await run('install')
  if (code !== 0) throw new Error(`The tarball could not be installed:\n${output}`)
  return { folder, run, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

async function packInstalled(name: string, destination: string): Promise<string> {
  const folder = join(root, 'node_modules', name)
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { code, output } = await runBun(folder, [
    'pm',
    'pack',
    '--ignore-scripts',
    '--quiet',
    '--destination',
    destination,
  ])
  if (code !== 0) throw new Error(`${name} could not be packed:\n${output}`)
  return `file:${join(destination, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)}`
}

async function runBun(
  cwd: string,
  args: string[],
  added: Record<string, string> = { BUN_CONFIG_REGISTRY: NO_REGISTRY },
): Promise<{ code: number; output: string }> {
  const env = { ...process.env, ...added }
  const bun = Bun.spawn([process.execPath, ...args], {
    cwd,
    env,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const streams = [bun.stdout, bun.stderr].map((stream) => new Response(stream).text())
  const [code, ...output] = await Promise.all([bun.exited, ...streams])
  return { code, output: output.join('\n') }
}
