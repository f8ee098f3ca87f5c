import { spawnSync } from 'node:child_process'
import { canInstallPackages, installPackage } from './debianPackage.ts'
import { PlainError } from './plainError.ts'

/** XAUTOCLAIM, which takes over what a dead consumer left, came with 6.2. */
const oldest = [6, 2] as const

const howToGetIt = `Baton needs redis-server ${oldest.join('.')} or later, and there is none on this machine's PATH. To get it:
  Debian, Ubuntu   sudo apt-get install redis-server
  macOS            brew install redis
  Docker           docker run -d -p 127.0.0.1:6379:6379 redis:7 redis-server --appendonly yes --appendfsync always --maxmemory 512mb --maxmemory-policy noeviction
                   and start Baton with REDIS_URL=redis://127.0.0.1:6379`

/** The path of redis-server, installed first when the machine has none and allows it. */
export async function findRedis(say: (what: string) => void): Promise<string> {
  const found = installed()
  if (found) return found
  if (!canInstallPackages()) throw new PlainError(howToGetIt)
  say("installing Debian's package redis-server (no system service is started)")
  const why = 'Baton needs Redis, and this machine has none.'
  if (!(await installPackage('redis-server', { service: 'redis-server', why })))
    throw new PlainError(howToGetIt)
  const fresh = installed()
  if (!fresh) throw new PlainError(howToGetIt)
  return fresh
}

function installed(): string | undefined {
  const program = Bun.which('redis-server') ?? Bun.which('valkey-server')
  if (!program) return undefined
  const version = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout
  const [, major = 0, minor = 0] = (/v=(\d+)\.(\d+)/.exec(version ?? '') ?? []).map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return program
  throw new PlainError(
    `${program} is ${major}.${minor}; Baton needs Redis ${oldest.join('.')} or later. Upgrade it, or set REDIS_URL to another server.`,
  )
}
