import { randomInt } from 'node:crypto'
import { repeatable } from '../../../db/repeatable.ts'
import { between, type Chance } from '../../simulate/chance.ts'
import { type Simulator, startSimulator } from '../../simulate/simulator.ts'
import type { Outcome } from '../campaign.ts'
import { Rig } from '../rig.ts'
import { steadyPort } from '../steadyPort.ts'
import type { Stores } from '../stores.ts'
import { Agents } from './agents.ts'
import { checkSent } from './checkSent.ts'

export type SendingField = { rig: Rig; agents: Agents; simulator: Simulator; chance: Chance }

export type SendingCampaign = {
  stores: Stores
  chance: Chance
  wanted: number
  /** Faults of the network, as the simulator names them. */
  network?: string
  /** When WhatsApp first tells that it has a message: lowest and highest. */
  toldAfterMs?: readonly [number, number]
  /** Promises that every sender breaks. */
  sabotage?: string
  /** Does the harm and repairs it; says whether it hit work in flight. */
  strike(field: SendingField, note: (problem: string) => void): Promise<boolean>
}

/** Of a hundred requests: connections that break before and after WhatsApp has taken the message, and refusals that pass. */
const NETWORK =
  'reset-after-accept:0.03,reset-before-reply:0.02,bad-gateway:0.01,5xx:0.03,timeout-after-accept:0.002'
/** So many that none of them gets more than 45 and one each six seconds: else messages wait for that, and not for a fault. */
const CUSTOMERS = 360
const SENDERS = 2
const PAUSE_MS = [100, 500] as const
const FIRST_SENT = 20
const BACK_WITHIN_MS = 40_000
/** For so long nothing may be settled any more before it counts as stuck: how much was in line says nothing about that. */
const STUCK_AFTER_MS = 120_000
const MOST_TRIALS_PER_WANTED = 4

/** Strikes while agents answer customers, lets everything come to rest, and asks the customers' phones what they got. */
export async function sendingCampaign(options: SendingCampaign): Promise<Outcome> {
  const { stores, chance, wanted } = options
  const serverPort = await steadyPort()
  const simulator = await startSimulator({
    webhookUrl: `http://127.0.0.1:${serverPort}/webhooks/whatsapp`,
    delays: { sentMs: options.toldAfterMs ?? [5, 60], deliveredMs: [5, 60], readMs: [5, 60] },
    retry: { firstMs: 100, ceilingMs: 1000, timeoutMs: 3000 },
    seed: randomInt(2 ** 31),
    customers: Array.from({ length: CUSTOMERS }, (_, at) => ({
      name: `Customer ${at}`,
      number: String(15557000000 + at * 3),
    })),
  })
  const rig = await Rig.open(stores, {
    port: serverPort,
    graphUrl: simulator.apiUrl,
    accessToken: simulator.channel.accessToken,
    senders: SENDERS,
    hasFollower: false,
    ...(options.sabotage && { faults: options.sabotage }),
  })
  try {
    const conversationIds = await allWrite(rig, simulator)
    simulator.setFaults(options.network ?? NETWORK)
    const agents = await Agents.begin(rig.url, conversationIds, chance)
    const field: SendingField = { rig, agents, simulator, chance }
    const problems: string[] = []
    let trials = 0
    let effective = 0
    await sent(field, FIRST_SENT)
    while (effective < wanted && trials < wanted * MOST_TRIALS_PER_WANTED) {
      await Bun.sleep(between(chance, PAUSE_MS))
      // What is already down can not be hit: first messages get through again.
      await sent(field, simulator.phones.log().length + 1)
      trials += 1
      if (await options.strike(field, (problem) => problems.push(problem))) effective += 1
    }
    await agents.stop()
    simulator.setFaults('')
    await ageClaims(rig)
    if (!(await isQuiet(field))) problems.push(`not at rest: ${await stateOf(field)}`)
    const verdict = await checkSent(agents.asked, rig.sql, simulator)
    return { ...verdict, problems: [...problems, ...verdict.problems, ...rig.alarms], trials, effective }
  } finally {
    await rig.close()
    await simulator.stop()
  }
}

/** Every customer writes once, so that all windows are open; returns their conversations. */
async function allWrite(rig: Rig, { phones }: Simulator): Promise<string[]> {
  for (const { number } of phones.list()) await phones.write(number, { type: 'text', text: 'Hello' })
  const numbers = phones.list().map((phone) => phone.number)
  const ids = () => rig.sql<{ id: string }[]>`
    select c.id from conversations c join contacts on contacts.id = c.contact_id
    where contacts.phone = any(${numbers}) and c.last_inbound_at is not null`
  await until(
    async () => (await ids()).length === numbers.length,
    'the customers’ first messages are not stored',
  )
  return (await ids()).map((row) => row.id)
}

const sent = ({ simulator }: SendingField, count: number) =>
  until(() => simulator.phones.log().length >= count, 'no message gets through')

/**
 * Moves time by hand: what the senders that just died had in hand looks as if its lease had run out. Call it while no sender
 * runs, or what living ones have in hand is in doubt too.
 */
export async function ageClaims(rig: Rig): Promise<void> {
  // The server settles at the same moment, and its order of rows is another one.
  await repeatable(
    rig.sql,
    (tx) => tx`update outbox set claimed_at = claimed_at - interval '2 minutes' where state = 'sending'`,
  )
}

/** How many messages some sender has claimed and not settled. */
export async function inHand(rig: Rig): Promise<number> {
  const [row] = await rig.sql<{ count: number }[]>`
    select count(*)::int as count from outbox where state = 'sending'`
  return row?.count ?? 0
}

async function isQuiet(field: SendingField): Promise<boolean> {
  let fewest = Number.POSITIVE_INFINITY
  let deadline = 0
  for (;;) {
    const open = (await openIn(field)) + (await field.rig.waiting())
    if (open === 0 && areStatusesTold(field)) return true
    if (open < fewest) deadline = performance.now() + STUCK_AFTER_MS
    fewest = Math.min(fewest, open)
    if (performance.now() > deadline) return false
    await Bun.sleep(100)
  }
}

async function openIn({ rig }: SendingField): Promise<number> {
  const [row] = await rig.sql<{ count: number }[]>`
    select count(*)::int as count from outbox where state in ('queued', 'sending')`
  return row?.count ?? 0
}

/** Every message on a phone has gone as far as it goes by itself, and the webhook has all of it. */
function areStatusesTold({ simulator }: SendingField): boolean {
  const isDone = simulator.phones
    .log()
    .every(({ statuses }) => statuses.some((one) => one.status === 'delivered'))
  return isDone && simulator.webhookState().waiting === 0
}

async function stateOf(field: SendingField): Promise<string> {
  const { waiting } = field.simulator.webhookState()
  const lines = await field.rig.sql<{ state: string; count: number; dueInSeconds: number }[]>`
    select state, count(*)::int as count, round(extract(epoch from max(due_at) - now()))::int as "dueInSeconds"
    from outbox where state in ('queued', 'sending') group by state`
  const inLine = lines.map(
    ({ state, count, dueInSeconds }) => `${count} ${state}, due in ${dueInSeconds} s at last`,
  )
  return `${inLine.join('; ')}; ${await field.rig.waiting()} entries and ${waiting} webhooks wait`
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + BACK_WITHIN_MS
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`For ${BACK_WITHIN_MS} ms ${what}`)
    await Bun.sleep(10)
  }
}
