import { join, relative, resolve } from 'node:path'
import { root } from '../install.ts'
import type { Finding } from './finding.ts'

export interface Tool {
  name: string
  command: string[]
  /** Makes what the tool needs and a fresh clone has not. */
  prepare?: string[]
  prepareIn?: string
  cwd?: string
  /** Reads one line of its output; nothing for a line that tells of no problem. */
  read: (line: string) => Finding | undefined
}

const bin = (name: string) => join(root, 'node_modules/.bin', name)
const web = join(root, 'web')

const readTsc = (line: string) =>
  finding(/^(?<file>[^(\s][^(]*)\((?<line>\d+),\d+\): error (?<message>.*)$/.exec(line))

/** The checkers that others wrote. What they print is read into findings, so that all look alike. */
export const tools: Tool[] = [
  {
    name: 'types (tsc)',
    command: [bin('tsc'), '--noEmit', '--pretty', 'false'],
    read: readTsc,
  },
  {
    // A page of its own, with the types of a browser, which the rest must not see.
    name: 'types (phones page)',
    command: [bin('tsc'), '--noEmit', '--pretty', 'false', '-p', 'scripts/simulate/page'],
    read: readTsc,
  },
  {
    // Likewise, with the types of a worker.
    name: 'types (service worker)',
    command: [bin('tsc'), '--noEmit', '--pretty', 'false', '-p', 'web/src/service-worker'],
    prepare: [bin('svelte-kit'), 'sync'],
    prepareIn: web,
    read: readTsc,
  },
  {
    name: 'types (svelte-check)',
    command: [
      bin('svelte-check'),
      '--tsconfig',
      './tsconfig.json',
      '--output',
      'machine',
      '--fail-on-warnings',
      '--incremental',
    ],
    prepare: [bin('svelte-kit'), 'sync'],
    cwd: web,
    read: (line) =>
      finding(/^\d+ (?:ERROR|WARNING) "(?<file>[^"]+)" (?<line>\d+):\d+ "(?<message>.*)"$/.exec(line), web),
  },
  {
    name: 'lint and format (biome)',
    command: [
      bin('biome'),
      'check',
      '--reporter=github',
      '--max-diagnostics=none',
      '--diagnostic-level=error',
    ],
    read: (line) =>
      finding(
        /^::(?:error|warning) .*?file=(?<file>[^,]+)(?:,line=(?<line>\d+))?.*?::(?<message>.*)$/.exec(line),
      ),
  },
]

/** Runs one tool. One that fails without a finding is a finding itself: its own words are told. */
export async function runTool({
  name,
  command,
  prepare,
  cwd = root,
  prepareIn = cwd,
  read,
}: Tool): Promise<Finding[]> {
  if (prepare) await run(prepare, prepareIn)
  const { code, output } = await run(command, cwd)
  if (code === 0) return []
  const findings = output.split('\n').flatMap((line) => read(line) ?? [])
  return findings.length > 0 ? findings : [{ file: name, line: 0, message: `failed:\n${output.trim()}` }]
}

async function run(command: string[], cwd: string): Promise<{ code: number; output: string }> {
  const options = { cwd, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' } as const
  const tool = Bun.spawn([process.execPath, '--bun', ...command], options)
  const streams = [tool.stdout, tool.stderr].map((stream) => new Response(stream).text())
  const [code, ...output] = await Promise.all([tool.exited, ...streams])
  return { code, output: output.join('\n') }
}

function finding(match: RegExpExecArray | null, base = root): Finding | undefined {
  if (!match?.groups) return undefined
  const { file = '', line = '1', message = '' } = match.groups
  return {
    file: relative(root, resolve(base, file)),
    line: Number(line),
    message: message.replaceAll('\\n', ' '),
  }
}
