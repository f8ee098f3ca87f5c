import postgres from 'postgres'
import type { Sql, Transaction } from './client.ts'

/** Deadlock and serialization failure: another transaction won, and the same work can be done again. */
const REPEATABLE_CODES = new Set(['40P01', '40001'])
/** What a row was to hang on is gone: a contact or a conversation became part of another one (`mergeContacts`). */
const FOREIGN_KEY_VIOLATION = '23503'
const OF_JOINED = /_(?:contacts|conversations)_id_fk$/
const MOST_REPEATS = 8

/** Thrown by `work` that finds its ground moved: what it looked up before its locks is not so any more. It is done again. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

/** The last statements of transactions, sent and not answered yet. */
const lastStatements = new WeakMap<Transaction, Promise<unknown>>()

/**
 * Runs `work` in a transaction, and again when Postgres breaks it up in favour of another (40P01, 40001), or when what it looked
 * up has become part of something else meanwhile. `work` may run several times, so it touches nothing but the transaction. Other
 * errors, and the ninth of these, are thrown.
 */
export async function repeatable<Result>(
  sql: Sql,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  for (let repeat = 0; ; repeat++) {
    try {
      return await once(sql, work)
    } catch (error) {
      if (repeat === MOST_REPEATS || !isRepeatable(error)) throw error
    }
  }
}

/**
 * Sends the last statement of a transaction without waiting for its answer, so that COMMIT follows in the same breath: for a
 * statement that takes a lock for which everybody waits. {@link repeatable} waits for the answer behind COMMIT. Were the
 * statement to fail, that COMMIT is a rollback, and `repeatable` throws.
 */
export function sendLast(tx: Transaction, statement: postgres.PendingQuery<postgres.Row[]>): void {
  const answer = statement.execute()
  answer.catch(() => {}) // who waits for it hears of it; nobody does when the connection breaks first
  lastStatements.set(tx, answer)
}

async function once<Result>(sql: Sql, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  let last: Promise<unknown> | undefined
  const outcome = await sql.begin(async (tx) => {
    const result = await work(tx)
    last = lastStatements.get(tx)
    return { result }
  })
  await last
  return outcome.result as Result
}

function isRepeatable(error: unknown): boolean {
  if (error instanceof Overtaken) return true
  if (!(error instanceof postgres.PostgresError)) return false
  const isJoined = error.code === FOREIGN_KEY_VIOLATION && OF_JOINED.test(error.constraint_name ?? '')
  return isJoined || REPEATABLE_CODES.has(error.code)
}
