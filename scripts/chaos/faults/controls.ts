import type { Sabotage } from '../../../server/failPoint.ts'
import { campaign, type Field, type Outcome } from '../campaign.ts'
import type { Fault, FaultContext } from '../fault.ts'
import type { RigOptions } from '../rig.ts'
import { readWithNaiveCursor } from './naiveCursor.ts'
import { powerLoss } from './powerLoss.ts'

/** Broken on purpose, each in one promise. A harness that does not notice proves nothing by finding no fault elsewhere. */
export const controls: Fault[] = [
  {
    name: 'control:ack before commit',
    shows: 'lost',
    run: (context) => sabotaged(context, 'ack-before-commit', ONE_CONSUMER, consumerDiesBeforeCommit),
  },
  {
    name: 'control:MAXLEN trim',
    shows: 'lost',
    run: (context) => sabotaged(context, 'maxlen-trim', ONE_CONSUMER, consumerComesLate),
  },
  {
    name: 'control:200 before the reply',
    shows: 'lost',
    run: (context) => sabotaged(context, 'answer-early', {}, redisDies),
  },
  {
    name: 'control:everysec and power loss',
    shows: 'lost',
    run: (context) => powerLoss(context, 'everysec'),
  },
  { name: 'control:no unique index', shows: 'doubled', run: withoutUniqueness },
  {
    name: 'control:bigserial cursor',
    shows: 'lost',
    run: (context) => readWithNaiveCursor(context, 'bigserial'),
  },
  {
    name: 'control:created_at cursor',
    shows: 'lost',
    run: (context) => readWithNaiveCursor(context, 'created_at'),
  },
]

const ONE_CONSUMER: RigOptions = { roles: 'server', consumers: 1 }
const BACKLOG_GROWS_MS = 2_500
const DIES_WITHIN_MS = 15_000
const DOWN_MS = 200
/** What was lost never comes to rest; so long without any movement is enough to know. */
const LOSS_IS_CERTAIN_MS = 4_000

type Strike = (field: Field, sabotage: Sabotage) => Promise<boolean>

function sabotaged(
  { stores, chance }: FaultContext,
  sabotage: Sabotage,
  rig: RigOptions,
  strike: Strike,
): Promise<Outcome> {
  return campaign({
    stores,
    chance,
    wanted: 1,
    rig: { ...rig, faults: sabotage },
    quietWithinMs: LOSS_IS_CERTAIN_MS,
    strike: (field) => strike(field, sabotage),
    afterwards: (field) => field.rig.restartConsumers(),
  })
}

async function consumerDiesBeforeCommit({ rig }: Field, sabotage: Sabotage): Promise<boolean> {
  const [consumer] = rig.consumers
  await consumer?.kill()
  await consumer?.start(`${sabotage},kill@before-commit:2`)
  return (await consumer?.hasEnded(DIES_WITHIN_MS)) ?? false
}

/** The consumer was away, comes back to more than one batch, and trims what it has not read. */
async function consumerComesLate({ rig }: Field): Promise<boolean> {
  const [consumer] = rig.consumers
  await consumer?.kill()
  await Bun.sleep(BACKLOG_GROWS_MS)
  await rig.restartConsumers()
  return true
}

async function redisDies({ stores }: Field): Promise<boolean> {
  await stores.kill('redis')
  await Bun.sleep(DOWN_MS)
  await stores.start('redis')
  return true
}

/**
 * The product names its unique index in ON CONFLICT and fails without it. So the index stays, with an idea of equality under
 * which nothing equals anything: to the product's SQL it looks the same, and it keeps nothing apart.
 */
function withoutUniqueness({ stores, chance }: FaultContext): Promise<Outcome> {
  return campaign({
    stores,
    chance,
    wanted: 1,
    prepare: async ({ rig }) => {
      await rig.sql.unsafe(`
        create function never_equal(text, text) returns integer language sql immutable strict
          as 'select case when $1 > $2 then 1 else -1 end';
        create operator class never_equal_ops for type text using btree as
          operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 never_equal(text, text);
        drop index messages_channel_wamid;
        create unique index messages_channel_wamid on messages (channel_id, wamid never_equal_ops)
          where wamid is not null`)
    },
    strike: async () => {
      await Bun.sleep(1_500)
      return true
    },
  })
}
