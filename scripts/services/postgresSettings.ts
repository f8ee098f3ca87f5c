/** Errors quote a statement's values, which are people's messages and numbers: they stay out of the log. */
const quietAboutPeople = { log_min_error_statement: 'panic', log_error_verbosity: 'terse' }

const common = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  ...quietAboutPeople,
}

const durable = {
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Plans of prepared statements stand until a table is analysed. One that was made for an empty table reads all of it, each time.
  autovacuum_naptime: '10s',
}

/** A test's database lives for a minute: it need not survive a power cut. */
const forTests = {
  max_connections: '300',
  shared_buffers: '256MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '4GB',
  checkpoint_timeout: '1h',
  autovacuum_naptime: '10s',
}

/** The arguments of `postgres`: its folder, port and settings. */
export function postgresArguments(folder: string, port: number, isDurable: boolean): string[] {
  const settings = { ...common, ...(isDurable ? durable : forTests), port: String(port) }
  return ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** The user's own PG* and locale variables must not reach a database of ours. */
export function databaseEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}
