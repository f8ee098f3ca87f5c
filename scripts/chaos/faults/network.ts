import { between, type Chance } from '../../simulate/chance.ts'
import { campaign, type Outcome } from '../campaign.ts'
import type { Fault, FaultContext } from '../fault.ts'
import { FaultProxy, type Weather } from '../faultProxy.ts'
import { openPosts, whileHolding } from '../inFlight.ts'
import type { Store } from '../stores.ts'

const SLOW_FOR_MS = 4_000
const FAIR_AFTER_RESETS_MS = 1_500

const slow = (chance: Chance): Weather => ({ kind: 'slow', delayMs: () => between(chance, [100, 2_000]) })
const reset = (chance: Chance): Weather => ({ kind: 'reset', afterBytes: () => between(chance, [1, 4_000]) })

/** The wire between the product and its stores: slow, cut in the middle of a reply, and half-open. */
export const network: Fault[] = [
  { name: 'slow redis', depth: 'usual', run: (context) => foul(context, 'redis', slow, SLOW_FOR_MS) },
  { name: 'slow postgres', depth: 'usual', run: (context) => foul(context, 'postgres', slow, SLOW_FOR_MS) },
  { name: 'reset redis mid-reply', run: (context) => foul(context, 'redis', reset, FAIR_AFTER_RESETS_MS) },
  {
    name: 'reset postgres mid-reply',
    run: (context) => foul(context, 'postgres', reset, FAIR_AFTER_RESETS_MS),
  },
  { name: 'half-open redis', depth: 'usual', run: (context) => halfOpen(context, 'redis') },
  { name: 'half-open postgres', depth: 'usual', run: (context) => halfOpen(context, 'postgres') },
]

/** Bad weather for a while, under load. Effective when work was on its way as it began. */
function foul(
  context: FaultContext,
  store: Store,
  weather: (chance: Chance) => Weather,
  forMs: number,
): Promise<Outcome> {
  return throughProxy(context, store, async (proxy) => {
    proxy.setWeather(weather(context.chance))
    await Bun.sleep(forMs)
    proxy.setWeather({ kind: 'fair' })
  })
}

/** The connections that are open go silent and stay so; nobody is told. New ones work, when somebody makes them. */
function halfOpen(context: FaultContext, store: Store): Promise<Outcome> {
  return throughProxy(context, store, async (proxy) => void proxy.silence())
}

async function throughProxy(
  { stores, chance }: FaultContext,
  store: Store,
  strike: (proxy: FaultProxy) => Promise<void>,
): Promise<Outcome> {
  const proxy = await FaultProxy.open(
    Number(new URL(store === 'redis' ? stores.redisUrl : stores.adminUrl).port),
  )
  const via = (direct: string) => proxy.via(direct)
  try {
    return await campaign({
      stores,
      chance,
      wanted: 1,
      rig: store === 'redis' ? { redisUrl: via } : { databaseUrl: via },
      quietWithinMs: 90_000,
      strike: async (field) => {
        const open = store === 'redis' ? await openPosts(field) : []
        if (store === 'postgres') await whileHolding(field)
        const isBusy = open.length > 0 || (await field.rig.unacked()) > 0
        await strike(proxy)
        return isBusy
      },
    })
  } finally {
    proxy.close()
  }
}
