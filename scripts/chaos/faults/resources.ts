import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { campaign, type Outcome } from '../campaign.ts'
import { type Fault, type FaultContext, skipped } from '../fault.ts'

/** Memory and disk that run out. */
export const resources: Fault[] = [
  { name: 'redis out of memory', run: outOfMemory },
  { name: 'disk full under redis', depth: 'usual', run: diskFull },
]

const FULL_FOR_MS = 1_500

/** XADD is refused (OOM), what is there is kept, and the webhook says 503 until there is room again. */
function outOfMemory({ stores, chance }: FaultContext): Promise<Outcome> {
  return campaign({
    stores,
    chance,
    wanted: 2,
    strike: async ({ rig, ledger }) => {
      const refusedBefore = ledger.tally().get(503) ?? 0
      await rig.redis.config('SET', 'maxmemory', '1mb')
      await Bun.sleep(FULL_FOR_MS)
      await rig.redis.config('SET', 'maxmemory', '512mb')
      return (ledger.tally().get(503) ?? 0) > refusedBefore
    },
  })
}

const DISK = '24m'
const BALLAST_MARGIN_BYTES = 96 * 1024

/**
 * The log of commands on a small disk that somebody else fills: Redis ends itself rather than say yes to what it can not
 * keep, cannot start while the disk is full, and starts without repair when there is room.
 */
async function diskFull({ stores, chance, folder }: FaultContext): Promise<Outcome> {
  if (process.getuid?.() !== 0) return skipped('only root may mount a small disk')
  const disk = join(folder, 'small-disk')
  mkdirSync(disk, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0700`, 'tmpfs', disk])
  if (mounted.status !== 0) return skipped(`a small disk could not be mounted: ${mounted.stderr}`)
  const ballast = join(disk, 'ballast')
  try {
    await stores.moveRedis({ dir: join(disk, 'redis') })
    return await campaign({
      stores,
      chance,
      wanted: 2,
      strike: async ({ rig, ledger }) => {
        const refusedBefore = ledger.tally().get(503) ?? 0
        const { bavail, bsize } = statfsSync(disk)
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - BALLAST_MARGIN_BYTES)))
        const hasEnded = await stores.hasEnded('redis', 10_000)
        await Bun.sleep(FULL_FOR_MS)
        rmSync(ballast)
        if (hasEnded) await stores.start('redis')
        await rig.redis.ping()
        return hasEnded && (ledger.tally().get(503) ?? 0) > refusedBefore
      },
    })
  } finally {
    await stores.moveRedis({})
    spawnSync('umount', [disk])
  }
}
