import type { FailPoint } from '../../../server/failPoint.ts'
import { between } from '../../simulate/chance.ts'
import { campaign, type Field } from '../campaign.ts'
import type { Fault } from '../fault.ts'

const CONSUMER_STEPS: FailPoint[] = ['after-read', 'before-commit', 'after-commit', 'before-ack']

/** Every window on the way of a delivery, most of them shorter than a millisecond: the process kills itself right there. */
export const steps: Fault[] = [
  {
    name: 'step after-xadd, server',
    run: ({ stores, chance, kills }) =>
      campaign({
        stores,
        chance,
        wanted: timesOf(kills),
        strike: (field) => serverDiesAt(field, 'after-xadd'),
      }),
  },
  ...CONSUMER_STEPS.map(
    (step): Fault => ({
      name: `step ${step}, consumer`,
      run: ({ stores, chance, kills }) =>
        campaign({
          stores,
          chance,
          wanted: timesOf(kills),
          rig: { roles: 'server', consumers: 1 },
          isWaitingForConsumers: false,
          strike: (field) => consumerDiesAt(field, step),
          afterwards: ({ rig }) => rig.restartConsumers(),
        }),
    }),
  ),
  ...CONSUMER_STEPS.map(
    (step): Fault => ({
      name: `step ${step}, thread`,
      depth: 'usual',
      run: ({ stores, chance, kills }) =>
        campaign({ stores, chance, wanted: timesOf(kills), strike: (field) => threadDiesAt(field, step) }),
    }),
  ),
]

/** Each of these kills hits by construction, so fewer say as much as many at random moments. */
const timesOf = (kills: number) => Math.ceil(kills / 10)
const POSTS_UNTIL_DEATH = [1, 150] as const
const BATCHES_UNTIL_DEATH = [1, 8] as const
const DIES_WITHIN_MS = 15_000

/** The POST that passed the step has its entry in the stream and no answer. */
async function serverDiesAt({ rig, chance }: Field, step: FailPoint): Promise<boolean> {
  await rig.server.kill()
  await rig.server.start(`kill@${step}:${between(chance, POSTS_UNTIL_DEATH)}`)
  const hasDied = await rig.server.hasEnded(DIES_WITHIN_MS)
  await rig.server.kill()
  await rig.server.start()
  return hasDied
}

async function consumerDiesAt({ rig, chance }: Field, step: FailPoint): Promise<boolean> {
  const [consumer] = rig.consumers
  if (!consumer) return false
  await consumer.kill()
  await rig.ageUnacked()
  await consumer.start(`kill@${step}:${between(chance, BATCHES_UNTIL_DEATH)}`)
  const hasDied = await consumer.hasEnded(DIES_WITHIN_MS)
  return hasDied && rig.holdsFor(consumer)
}

/** The thread takes the whole server with it, as a crash of the runtime does. */
async function threadDiesAt({ rig, chance }: Field, step: FailPoint): Promise<boolean> {
  await rig.server.kill()
  await rig.server.start(`kill@${step}:${between(chance, BATCHES_UNTIL_DEATH)}`)
  const hasDied = await rig.server.hasEnded(DIES_WITHIN_MS)
  const isUnacked = (await rig.unacked()) > 0
  await rig.server.kill()
  await rig.server.start()
  return hasDied && isUnacked
}
