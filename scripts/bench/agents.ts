import postgres from 'postgres'
import { AGENTS, DEMO_PASSWORD, type DemoAgent } from '../../db/seed/people.ts'

/** Signs an agent of the demo in and returns the cookie that says so. */
export async function cookieOf(url: string, agent: DemoAgent): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: AGENTS[agent].email, password: DEMO_PASSWORD }),
  })
  if (!response.ok) throw new Error(`Signing in was answered with ${response.status}`)
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

/** An agent's tab that is about to follow the feed from where the log stands now, as the web app does. */
export async function subscriberOf(
  databaseUrl: string,
  cookie: string,
): Promise<{ cookie: string; cursor: string }> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const [row] = await sql<{ cursor: string }[]>`select max(last_seq)::text as cursor from event_counters`
    return { cookie, cursor: row?.cursor ?? '0' }
  } finally {
    await sql.end()
  }
}
