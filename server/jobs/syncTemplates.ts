import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { type Account, accountsToSync, keepTemplates } from '../inbox/keepTemplates.ts'
import { waitFor } from '../live/wait.ts'
import type { Log } from '../log.ts'
import type { TemplateSource } from '../whatsapp/graphTemplates.ts'

type Parts = { sql: Sql; source: TemplateSource; log: Log; now(): Date }

/** Fetches the templates of an account and stores them; returns how many there are. */
export async function syncTemplates(
  { sql, source, now }: Omit<Parts, 'log'>,
  account: Account,
  signal?: AbortSignal,
): Promise<number> {
  const fetchedAt = now()
  const templates = await source.list(account.businessAccountId, signal)
  await repeatable(sql, (tx) => keepTemplates(tx, account, templates, fetchedAt))
  return templates.length
}

/** News about templates is applied at once; this is how soon the whole list follows. */
const LOOK_EVERY_MS = 15_000
const OLDEST_SYNC_MS = 24 * 60 * 60 * 1000
/** An account that could not be fetched, or has no templates, is not asked again sooner. */
const LEAST_PAUSE_MS = 5 * 60 * 1000

/** Keeps the templates of all accounts fresh until the signal aborts: at the start, daily, and after news about them. */
export async function keepTemplatesFresh(parts: Parts, signal: AbortSignal): Promise<void> {
  const { sql, log, now } = parts
  log.info('templates are kept fresh')
  const fruitless = new Map<string, number>()
  while (!signal.aborted) {
    try {
      const olderThan = new Date(now().getTime() - OLDEST_SYNC_MS)
      for (const account of await accountsToSync(sql, olderThan)) {
        const key = `${account.workspaceId} ${account.businessAccountId}`
        if (signal.aborted || performance.now() < (fruitless.get(key) ?? 0)) continue
        const templates = await syncTemplates(parts, account, signal).catch((err) => {
          if (!signal.aborted) log.warn({ err, ...account }, 'the templates can not be fetched')
          return null
        })
        if (templates !== null) log.info({ ...account, templates }, 'templates fetched')
        if (templates) fruitless.delete(key)
        else fruitless.set(key, performance.now() + LEAST_PAUSE_MS)
      }
    } catch (err) {
      log.warn({ err }, 'the accounts can not be read; trying again')
    }
    await waitFor(LOOK_EVERY_MS, signal)
  }
  log.info('templates are not kept fresh any more')
}
