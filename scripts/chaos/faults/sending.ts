import type { FailPoint } from '../../../server/failPoint.ts'
import { between } from '../../simulate/chance.ts'
import type { Depth, Fault } from '../fault.ts'
import { ageClaims, inHand, type SendingField, sendingCampaign } from '../sending/sendingCampaign.ts'

/**
 * The way out: senders and server are killed while agents answer, and the network cuts connections before and after WhatsApp
 * has taken a message. Judged by the customers' phones: nothing twice, nothing out of order, nothing left hanging.
 */
export const sending: Fault[] = [
  row('sending: kill senders', 'quick', killSenders),
  row('sending: kill server', 'usual', killServer),
  step('after-claim'),
  step('after-answer'),
  row('sending: stop senders', 'usual', stopSenders),
  {
    name: 'control:resend after a crash',
    shows: 'doubled',
    depth: 'usual',
    run: ({ stores, chance, kills }) =>
      sendingCampaign({
        stores,
        chance,
        wanted: kills,
        network: '',
        // A status that came before the next sender would save it.
        toldAfterMs: [4000, 6000],
        sabotage: 'resend-expired',
        strike: (field) => sendersDieAt(field, 'after-answer'),
      }),
  },
]

const DIES_WITHIN_MS = 15_000
const CLAIMS_UNTIL_DEATH = [1, 6] as const

function row(name: string, depth: Depth, strike: Parameters<typeof sendingCampaign>[0]['strike']): Fault {
  return {
    name,
    depth,
    run: ({ stores, chance, kills }) => sendingCampaign({ stores, chance, wanted: kills, strike }),
  }
}

/** Between two lines of the sender, where a kill at a random moment seldom hits. */
function step(point: FailPoint): Fault {
  return {
    name: `sending: step ${point}`,
    depth: 'usual',
    run: ({ stores, chance, kills }) =>
      sendingCampaign({
        stores,
        chance,
        wanted: Math.ceil(kills / 4),
        strike: (field) => sendersDieAt(field, point),
      }),
  }
}

/** Moments while something is under way; a quarter of a second later, whatever is. */
async function whileSending({ rig }: SendingField): Promise<void> {
  for (let look = 0; look < 50 && (await inHand(rig)) === 0; look++) await Bun.sleep(5)
}

async function killSenders(field: SendingField): Promise<boolean> {
  const { rig } = field
  await whileSending(field)
  await Promise.all(rig.senders.map((one) => one.kill()))
  return revive(field)
}

async function sendersDieAt(field: SendingField, point: FailPoint): Promise<boolean> {
  const { rig, chance } = field
  await Promise.all(rig.senders.map((one) => one.kill()))
  await ageClaims(rig)
  const [sender] = rig.senders
  await sender?.start(
    `${rig.faults ? `${rig.faults},` : ''}kill@${point}:${between(chance, CLAIMS_UNTIL_DEATH)}`,
  )
  const hasDied = (await sender?.hasEnded(DIES_WITHIN_MS)) ?? false
  await sender?.kill()
  return (await revive(field)) && hasDied
}

/** What they had in hand is nobody's now; those who come after them find it. */
async function revive({ rig }: SendingField): Promise<boolean> {
  const hadWork = (await inHand(rig)) > 0
  await ageClaims(rig)
  await Promise.all(rig.senders.map((one) => one.start()))
  return hadWork
}

async function killServer({ rig, agents }: SendingField): Promise<boolean> {
  for (let look = 0; look < 50 && agents.openRequests === 0; look++) await Bun.sleep(5)
  const isAsked = agents.openRequests > 0
  await rig.server.kill()
  await rig.server.start()
  return isAsked
}

/** The graceful way: whatever was under way is settled when they have gone. */
async function stopSenders(field: SendingField, note: (problem: string) => void): Promise<boolean> {
  const { rig } = field
  await whileSending(field)
  const hadWork = (await inHand(rig)) > 0
  await Promise.all(rig.senders.map((one) => one.stop()))
  const left = await inHand(rig)
  if (left > 0) note(`${left} messages were left in sending by a sender that stopped`)
  await ageClaims(rig)
  await Promise.all(rig.senders.map((one) => one.start()))
  return hadWork
}
