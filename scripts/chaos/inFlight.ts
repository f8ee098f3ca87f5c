import type { Field } from './campaign.ts'
import type { Try } from './ledger.ts'

const SETTLE_WITHIN_MS = 10_000
const BUSY_WITHIN_MS = 3_000

/** Whether a strike hit any of the POSTs that were open then: at least one of them was not answered with 200. */
export async function hitOneOf(open: readonly Try[]): Promise<boolean> {
  const deadline = performance.now() + SETTLE_WITHIN_MS
  while (open.some(({ answer }) => answer === null) && performance.now() < deadline) await Bun.sleep(5)
  return open.some(({ answer }) => answer !== 200)
}

/** Waits for a moment when a POST has no answer yet, and returns those that have none. */
export async function openPosts({ load }: Field): Promise<Try[]> {
  await until(() => load.open.length > 0, 1)
  return load.open
}

/** Waits for a moment when a consumer holds entries that it has not acked. */
export async function whileHolding({ rig }: Field): Promise<void> {
  await until(async () => (await rig.unacked()) > 0, 2)
}

/** Waits for a moment when a transaction of the product is open in the database. */
export async function whileStoring({ rig }: Field): Promise<boolean> {
  return until(async () => {
    const [row] = await rig.sql<{ open: number }[]>`
      select count(*)::int as open from pg_stat_activity
      where datname = current_database() and application_name = 'baton' and xact_start is not null`.catch(
      () => [],
    )
    return (row?.open ?? 0) > 0
  }, 1)
}

async function until(isSo: () => boolean | Promise<boolean>, everyMs: number): Promise<boolean> {
  const deadline = performance.now() + BUSY_WITHIN_MS
  while (performance.now() < deadline) {
    if (await isSo()) return true
    await Bun.sleep(everyMs)
  }
  return false
}
