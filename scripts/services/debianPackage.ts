import { spawn, spawnSync } from 'node:child_process'
import { PlainError } from './plainError.ts'

const installWithinMs = 15 * 60_000

/**
 * Installs one package as root and starts no service: an rc policy of 101 forbids that while it installs (one that is
 * there already is left as it is; one that a hard kill left behind is known by its mark). A service that came with the
 * package is also kept from starting with the machine.
 */
const installScript = `
set -e
package=$1; service=$2; policy=/usr/sbin/policy-rc.d; mark='# by baton, only while it installs'
if [ ! -e $policy ] || grep -qF "$mark" $policy; then
  trap 'rm -f $policy' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\\n%s\\nexit 101\\n' "$mark" > $policy
  chmod 755 $policy
fi
export DEBIAN_FRONTEND=noninteractive
get() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$package"; }
get || { apt-get update -o DPkg::Lock::Timeout=300; get; }
if [ -n "$service" ] && [ -d /run/systemd/system ]; then systemctl disable "$service" || true; fi
`

/** True when Debian's packages can be installed from here: apt, and root or sudo (which may ask on a terminal). */
export function canInstallPackages(): boolean {
  if (!Bun.which('apt-get')) return false
  if (process.getuid?.() === 0) return true
  if (!Bun.which('sudo')) return false
  return isOnTerminal() || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
}

/** Installs a Debian package; on a terminal it asks first. False when the answer is no. */
export async function installPackage(
  name: string,
  options: { service?: string; why: string },
): Promise<boolean> {
  if (isOnTerminal() && !confirm(`${options.why} Install Debian's package \`${name}\` now?`)) return false
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', ...(isOnTerminal() ? [] : ['-n'])]
  const [command = 'sh', ...args] = [...asRoot, 'sh', '-c', installScript, 'sh', name, options.service ?? '']
  const { code, output } = await run(command, args)
  if (code !== 0)
    throw new PlainError(
      `apt-get could not install ${name}:\n${output.trim().split('\n').slice(-8).join('\n')}`,
    )
  return true
}

function isOnTerminal(): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY)
}

function run(command: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: installWithinMs })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
