export interface RedisConfig {
  dir: string
  port: number
  password: string
  databases: number
  /** Whatever a test or a chaos run wants otherwise. */
  settings?: Record<string, string> | undefined
}

/**
 * What makes "200 only when stored" true: each reply waits for the fsync of its batch, nothing is ever evicted, and a
 * log that was cut short by a crash is loaded up to the cut. Without a maxmemory `noeviction` would never answer, and
 * the machine would run out of memory instead.
 */
const durable: Record<string, string> = {
  appendonly: 'yes',
  appendfsync: 'always',
  'aof-load-truncated': 'yes',
  save: '""',
  maxmemory: '512mb',
  'maxmemory-policy': 'noeviction',
}

/** The text of a redis.conf. It holds the password, so it is a file and not a command line that others can list. */
export function redisConfig({ dir, port, password, databases, settings }: RedisConfig): string {
  const all = {
    bind: '127.0.0.1',
    port: String(port),
    requirepass: password,
    dir: quoted(dir),
    pidfile: quoted(`${dir}/redis.pid`),
    logfile: quoted(`${dir}/redis.log`),
    databases: String(databases),
    daemonize: 'no',
    ...durable,
    ...settings,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('')
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
