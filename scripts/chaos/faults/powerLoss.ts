import { join } from 'node:path'
import { between } from '../../simulate/chance.ts'
import { campaign, type Outcome } from '../campaign.ts'
import type { Fault, FaultContext } from '../fault.ts'
import { cutBack, watchFsync } from '../fsyncLog.ts'
import { hitOneOf, openPosts } from '../inFlight.ts'

/** Power is lost: of the log of commands there remains what was synced, and nothing that was only written. */
export const powerLosses: Fault[] = [{ name: 'power loss', run: (context) => powerLoss(context, 'always') }]

const EVERYSEC_TRIALS = 2
const DARK_AFTER_MS = [200, 1_200] as const

/** `kill -9` keeps what the kernel holds; this takes that away too, at each log file's last fsync. */
export async function powerLoss(context: FaultContext, fsync: 'always' | 'everysec'): Promise<Outcome> {
  const { stores, chance, kills, folder, redisProgram } = context
  const watch = watchFsync(join(folder, 'fsync'), redisProgram)
  if (watch === null) return { ...NOTHING, skipped: 'a C compiler (cc) is needed to see each fsync of Redis' }
  await stores.moveRedis({ program: watch.program })
  try {
    return await campaign({
      stores,
      chance,
      rig: { roles: 'server', consumers: 1 },
      wanted: fsync === 'everysec' ? EVERYSEC_TRIALS : Math.max(2, Math.ceil(kills / 4)),
      strike: async (field) => {
        // Nobody stores anything meanwhile: what was answered with 200 is in the log of commands alone.
        await Promise.all(field.rig.consumers.map((consumer) => consumer.kill()))
        await field.rig.redis.config('SET', 'appendfsync', fsync)
        await Bun.sleep(between(chance, DARK_AFTER_MS))
        const open = await openPosts(field)
        await stores.kill('redis')
        const cutBytes = cutBack(join(stores.redisFolder, 'appendonlydir'), watch)
        await stores.start('redis')
        await field.rig.restartConsumers()
        const isHit = await hitOneOf(open)
        return isHit || cutBytes > 0
      },
    })
  } finally {
    await stores.moveRedis({})
  }
}

const NOTHING: Outcome = { trials: 0, effective: 0, lost: 0, doubled: 0, reordered: 0, problems: [] }
