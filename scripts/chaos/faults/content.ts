import { campaign, type Field } from '../campaign.ts'
import type { Fault } from '../fault.ts'
import { postSigned } from '../load.ts'
import type { Parcel, SentItem } from '../traffic.ts'

/** What WhatsApp itself does to a receiver, without anything being broken. */
export const content: Fault[] = [
  {
    name: 'batch of 1,000, one bad',
    run: ({ stores, chance }) =>
      campaign({ stores, chance, wanted: 2, strike: (field) => deliver(field, [thousandWithOneBad(field)]) }),
  },
  {
    name: 'duplicates and reordering',
    run: ({ stores, chance }) =>
      campaign({
        stores,
        chance,
        wanted: 3,
        rig: { roles: 'server', consumers: 2 },
        strike: async (field) => {
          const parcels = Array.from({ length: 40 }, () => field.traffic.next())
          const shuffled = parcels.toSorted(() => chance() - 0.5)
          // Three times, at once and in three orders, to two consumers.
          return deliver(field, [...parcels, ...parcels.toReversed(), ...shuffled])
        },
      }),
  },
]

const BATCH_SIZE = 1000

function thousandWithOneBad({ traffic, chance }: Field): Parcel {
  const items: SentItem[] = Array.from({ length: BATCH_SIZE - 1 }, () => traffic.text())
  items.splice(Math.floor(chance() * BATCH_SIZE), 0, traffic.bad())
  return traffic.parcelOf(items)
}

/** Posts all at once; effective when each was answered with 200. */
async function deliver({ rig, ledger }: Field, parcels: Parcel[]): Promise<boolean> {
  const answers = await Promise.all(
    parcels.map(async (parcel) => {
      const attempt = ledger.sending(parcel)
      const answer = await postSigned(rig.url, parcel.body, parcel.signature)
      ledger.ended(attempt, answer)
      return answer
    }),
  )
  return answers.every((answer) => answer === 200)
}
