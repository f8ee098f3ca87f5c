import postgres from 'postgres'
import type { Sql, Transaction } from './client.ts'

/** Deadlock and serialization failure: another transaction won, and the same work can be done again. */
const REPEATABLE_CODES = new Set(['40P01', '40001'])
const MOST_REPEATS = 8

/**
 * Runs `work` in a transaction, and again when Postgres breaks it up in favour of another (40P01, 40001). `work` may run
 * several times, so it touches nothing but the transaction. Other errors, and the ninth of these, are thrown.
 */
export async function repeatable<Result>(
  sql: Sql,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  for (let repeat = 0; ; repeat++) {
    try {
      return (await sql.begin(work)) as Result
    } catch (error) {
      if (repeat === MOST_REPEATS || !isRepeatable(error)) throw error
    }
  }
}

function isRepeatable(error: unknown): boolean {
  return error instanceof postgres.PostgresError && REPEATABLE_CODES.has(error.code)
}
