import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import type { Bell } from '../live/bell.ts'
import { digestOf, type TokenOf, type TokenOwner, TokenUnreadable } from '../whatsapp/accessToken.ts'
import type { KeyRing } from './keyRing.ts'
import { type OpenedRow, openRow, readSealed } from './readSealed.ts'

/** Those of the environment: they hold for channels that have none of their own. */
export type CommonSecrets = { accessToken: string; appSecrets: readonly string[]; verifyToken: string }

/** What deliveries may be signed with, and what Meta's handshake may say. */
export type WebhookSecrets = {
  appSecrets: readonly string[]
  verifyTokens: readonly string[]
  /** The workspaces that a secret speaks for, when it is that of their channels; one that is not here speaks for all. */
  ownersOf?: ReadonlyMap<string, readonly string[]>
}

/** A channel whose token is there and cannot be read. */
export type UnreadableChannel = { channelId: string; name: string; reason: string }

/** The tokens and secrets of all channels, in memory: nobody who needs one waits for the database. */
export type ChannelSecrets = {
  tokenOf: TokenOf
  /** As it was read last; never waits. */
  webhook(): WebhookSecrets
  /** Digest of the token with which each channel that has one of its own sends now; and of everybody else's. */
  digests(): Promise<{ own: { channelId: string; digest: string }[]; common: string }>
  unreadable(): Promise<UnreadableChannel[]>
  /** Those that a channel has of its own; null: none. */
  of(channelId: string): Promise<OpenedRow | null>
  /** Reads them anew now; whoever changed one in this process need not wait for the bell. */
  refresh(): Promise<void>
  close(): void
}

type Parts = { sql: Sql; keys: KeyRing; common: CommonSecrets; bell: Bell; log: Logger }

/** A bell may be lost: they are read anew this often anyway. */
const LOOK_EVERY_MS = 15_000

/**
 * Opens the secrets of the channels and keeps them current: a ring of `secrets` makes the next who asks wait for the new ones.
 * One that cannot be opened concerns its channel alone, and is logged when that becomes so.
 */
export async function openChannelSecrets({ sql, keys, common, bell, log }: Parts): Promise<ChannelSecrets> {
  let rows: OpenedRow[] = []
  let webhook = webhookOf(rows, common)
  const read = async () => {
    const before = rows
    rows = (await readSealed(sql)).map((row) => openRow(row, keys))
    webhook = webhookOf(rows, common)
    for (const { channelId, name, unreadable } of rows) {
      const wasKnown = before.some((row) => row.channelId === channelId && row.unreadable === unreadable)
      if (unreadable === null || wasKnown) continue
      log.error({ channelId, name, reason: unreadable }, 'the secrets of a channel cannot be decrypted')
    }
  }
  let reading = read()
  await reading
  /** One after the other, so that an older answer never replaces a newer one. */
  const refresh = (): Promise<void> => {
    const next = reading.then(read, read)
    reading = next.catch((err) => log.warn({ err }, 'the secrets of the channels could not be read anew'))
    return next
  }
  const unlisten = bell.listen('secrets', () => void refresh().catch(() => {}))
  const timer = setInterval(() => void refresh().catch(() => {}), LOOK_EVERY_MS)

  return {
    async tokenOf(owner) {
      await reading
      const mine = rows.filter((row) => belongsTo(row, owner) && row.hasToken)
      const token = mine.find(({ accessToken }) => accessToken !== null)?.accessToken
      if (token) return token
      if (mine[0]) throw new TokenUnreadable(mine[0].unreadable ?? 'It cannot be decrypted')
      return common.accessToken
    },
    webhook: () => webhook,
    async digests() {
      await reading
      const own = rows.flatMap(({ channelId, hasToken, accessToken }) =>
        hasToken ? [{ channelId, digest: accessToken === null ? '' : digestOf(accessToken) }] : [],
      )
      return { own, common: digestOf(common.accessToken) }
    },
    async unreadable() {
      await reading
      return rows.flatMap(({ channelId, name, hasToken, accessToken, unreadable }) =>
        hasToken && accessToken === null ? [{ channelId, name, reason: unreadable ?? '' }] : [],
      )
    },
    async of(channelId) {
      await reading
      return rows.find((row) => row.channelId === channelId) ?? null
    },
    refresh,
    close() {
      clearInterval(timer)
      unlisten()
    },
  }
}

/** One that names an account means any number of it: their templates are the same. */
function belongsTo(row: OpenedRow, owner: TokenOwner): boolean {
  return 'phoneNumberId' in owner
    ? row.phoneNumberId === owner.phoneNumberId
    : row.businessAccountId === owner.businessAccountId
}

function webhookOf(rows: readonly OpenedRow[], common: CommonSecrets): WebhookSecrets {
  const owners = new Map<string, string[]>()
  for (const { appSecret, workspaceId } of rows) {
    if (appSecret === null || common.appSecrets.includes(appSecret)) continue
    owners.set(appSecret, [...(owners.get(appSecret) ?? []), workspaceId])
  }
  return {
    appSecrets: [...new Set([...common.appSecrets, ...owners.keys()])],
    ownersOf: owners,
    verifyTokens: [...new Set([common.verifyToken, ...rows.flatMap((row) => row.verifyToken ?? [])])],
  }
}
