import { join } from 'node:path'
import { root } from '../install.ts'
import { type RunningChild, startChild } from './child.ts'
import { childLog } from './childLog.ts'
import type { DataDir } from './dataDir.ts'
import type { Notices } from './parts.ts'
import { step } from './progress.ts'
import { type Supervised, supervise } from './supervise.ts'

interface Vite {
  port: number
  apiPort: number
  dataDir: DataDir
  note: (name: string, pid: number | undefined) => void
  notices: Notices
}

/** Vite's development server, run by Bun: it serves the app, and hands everything else to the API. */
export function startVite({
  port,
  apiPort,
  dataDir,
  note,
  notices,
}: Vite): Promise<Supervised<RunningChild>> {
  const log = childLog(dataDir.path, 'web')
  const start = () =>
    startChild({
      name: 'web',
      args: ['--bun', join(root, 'node_modules/.bin/vite'), 'dev', '--port', String(port), '--strictPort'],
      cwd: join(root, 'web'),
      // `localhost` as in the page's address: the session's cookie is not sent to 127.0.0.1.
      env: { ...process.env, BATON_API: `http://localhost:${apiPort}` },
      readyWithinMs: 60_000,
      endsWithinMs: 3_000,
      onLine: log,
      onPid: (pid) => note('web', pid),
      readyLine: /Local:\s+(http\S+)/,
    })
  return step(
    'web (Vite)',
    () => supervise({ name: 'web', start, ...notices }),
    (web) => web.current().url,
  )
}
