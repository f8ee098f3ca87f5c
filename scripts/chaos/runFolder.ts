import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writePrivately } from '../services/dataDir.ts'
import { birthOf } from '../services/liveProcess.ts'

export type RunFolder = {
  path: string
  /** Where Postgres put its files, when that is somewhere else. */
  note(postgresFolder: string): void
  remove(): void
}

/**
 * The folder of one run. It is named and labelled as those of test runs are, so that the next test run sweeps away what a
 * hard kill of this one left behind, servers included.
 */
export function makeRunFolder(): RunFolder {
  const path = mkdtempSync(join(tmpdir(), 'baton-test-'))
  // Root's database runs under another account, which must be able to pass through.
  chmodSync(path, 0o711)
  const owner = { pid: process.pid, birth: birthOf(process.pid), postgresFolder: join(path, 'postgres') }
  const write = () => writePrivately(join(path, 'owner.json'), JSON.stringify(owner))
  write()
  return {
    path,
    note(postgresFolder) {
      owner.postgresFolder = postgresFolder
      write()
    },
    remove() {
      for (const folder of new Set([path, dirname(owner.postgresFolder)])) {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}
