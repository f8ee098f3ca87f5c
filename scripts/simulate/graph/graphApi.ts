import type { Faults } from '../faults/faults.ts'
import type { AccessToken } from './accessToken.ts'
import type { SendRooms } from './sendMessage.ts'

/** A request that followed an address to another host, and whether it gave its token away there. */
export interface Trespass {
  at: number
  path: string
  hadToken: boolean
}

/** All that the Graph API has at hand. */
export interface GraphApi extends SendRooms {
  faults: Faults
  token: AccessToken
  /** How long slow answers and slow files take. */
  slowMs: number
  /** Whether the app is attached to the account; without it Meta sends no webhooks. */
  subscription: { isOn: boolean }
  trespasses: Trespass[]
}
