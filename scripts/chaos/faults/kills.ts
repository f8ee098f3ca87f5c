import { between } from '../../simulate/chance.ts'
import type { Field } from '../campaign.ts'
import { campaign } from '../campaign.ts'
import type { Fault } from '../fault.ts'
import { hitOneOf, openPosts, whileHolding, whileStoring } from '../inFlight.ts'

/** `kill -9` of each process at random moments under load. */
export const kills: Fault[] = [
  {
    name: 'kill redis',
    run: ({ stores, chance, kills: wanted }) => campaign({ stores, chance, wanted, strike: killRedis }),
  },
  {
    name: 'kill postgres',
    run: ({ stores, chance, kills: wanted }) => campaign({ stores, chance, wanted, strike: killPostgres }),
  },
  {
    name: 'kill server',
    run: ({ stores, chance, kills: wanted }) => campaign({ stores, chance, wanted, strike: killServer }),
  },
  {
    name: 'kill worker thread',
    run: ({ stores, chance, kills: wanted }) =>
      campaign({
        stores,
        chance,
        wanted,
        rig: { roles: 'server', hasThreadHost: true },
        strike: killThread,
      }),
  },
  {
    name: 'kill consumer',
    run: ({ stores, chance, kills: wanted }) =>
      campaign({ stores, chance, wanted, rig: { roles: 'server', consumers: 2 }, strike: killConsumer }),
  },
]

const DOWN_MS = [0, 120] as const
/** A thread's supervisor waits longer after each end; after this many it is replaced. */
const ENDS_PER_SUPERVISOR = 2
const THREAD_ENDS_WITHIN_MS = 30

async function killRedis(field: Field): Promise<boolean> {
  const open = await openPosts(field)
  await field.stores.kill('redis')
  await Bun.sleep(between(field.chance, DOWN_MS))
  await field.stores.start('redis')
  return hitOneOf(open)
}

async function killPostgres(field: Field): Promise<boolean> {
  const isStoring = await whileStoring(field)
  await field.stores.kill('postgres')
  const isUnacked = (await field.rig.unacked()) > 0
  await field.stores.start('postgres')
  return isStoring && isUnacked
}

async function killServer(field: Field): Promise<boolean> {
  const { server } = field.rig
  const open = await openPosts(field)
  await server.kill()
  await server.start()
  return hitOneOf(open)
}

let ends = 0

async function killThread(field: Field): Promise<boolean> {
  await whileHolding(field)
  await Bun.sleep(between(field.chance, [0, 8]))
  field.rig.threadHost?.tell({ kind: 'kill' })
  await Bun.sleep(THREAD_ENDS_WITHIN_MS)
  const isUnacked = (await field.rig.unacked()) > 0
  ends += 1
  if (ends % ENDS_PER_SUPERVISOR === 0) field.rig.threadHost?.tell({ kind: 'renew' })
  return isUnacked
}

async function killConsumer(field: Field): Promise<boolean> {
  const [one, other] = field.rig.consumers
  const victim = field.chance() < 0.5 ? one : other
  await whileHolding(field)
  await victim?.kill()
  const isUnacked = await field.rig.holdsFor(victim)
  await field.rig.ageUnacked()
  await victim?.start()
  return isUnacked
}
