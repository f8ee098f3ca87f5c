import { join, relative, resolve } from 'node:path'
import { root } from '../install.ts'
import type { Finding } from './finding.ts'

export interface Tool {
  name: string
  command: string[]
  cwd?: string
  /** Reads one line of its output; nothing for a line that tells of no problem. */
  read: (line: string) => Finding | undefined
}

const bin = (name: string) => join(root, 'node_modules/.bin', name)
const web = join(root, 'web')

/** The checkers that others wrote. What they print is read into findings, so that all look alike. */
export const tools: Tool[] = [
  {
    name: 'types (tsc)',
    command: [bin('tsc'), '--noEmit', '--pretty', 'false'],
    read: (line) => finding(/^(?<file>[^(\s][^(]*)\((?<line>\d+),\d+\): error (?<message>.*)$/.exec(line)),
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
    ],
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
export async function runTool({ name, command, cwd = root, read }: Tool): Promise<Finding[]> {
  const tool = Bun.spawn([process.execPath, '--bun', ...command], {
    cwd,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [output, errors, code] = await Promise.all([
    new Response(tool.stdout).text(),
    new Response(tool.stderr).text(),
    tool.exited,
  ])
  const findings = `${output}\n${errors}`.split('\n').flatMap((line) => read(line) ?? [])
  if (code === 0 || findings.length > 0) return code === 0 ? [] : findings
  return [{ file: name, line: 0, message: `failed:\n${`${output}\n${errors}`.trim()}` }]
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
