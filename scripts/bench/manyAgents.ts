import { createHmac } from 'node:crypto'
import postgres from 'postgres'
import { BENCH_SECRET } from './product.ts'

export type BenchAgent = { id: string; cookie: string }
export type Crowd = {
  workspaceId: string
  channelId: string
  agents: BenchAgent[]
  conversationIds: string[]
}

/** Adds agents to the demo's Support team, signed in, and conversations: past the sign-in, which is slow on purpose. */
export async function crowdOf(
  databaseUrl: string,
  { agents, conversations }: { agents: number; conversations: number },
): Promise<Crowd> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const [place] = await sql<{ workspaceId: string; channelId: string; teamId: string }[]>`
      select c.workspace_id as "workspaceId", c.id as "channelId", ct.team_id as "teamId"
      from channels c join channel_teams ct on ct.channel_id = c.id join teams t on t.id = ct.team_id
      where t.name = 'Support' limit 1`
    if (!place) throw new Error('The demo has no channel of the team Support')
    const { workspaceId, channelId, teamId } = place
    const people = Array.from({ length: agents }, (_, number) => ({
      id: Bun.randomUUIDv7(),
      number,
      token: Bun.randomUUIDv7().replaceAll('-', ''),
    }))
    const ids = people.map((one) => one.id)
    const tokens = people.map((one) => one.token)
    await sql`
      insert into agents (id, name, email)
      select id, 'Agent ' || ord, id || '@bench.baton' from unnest(${ids}::uuid[]) with ordinality as u(id, ord)`
    await sql`
      insert into memberships (workspace_id, agent_id, role) select ${workspaceId}::uuid, unnest(${ids}::uuid[]), 'agent'`
    await sql`insert into team_members (team_id, agent_id) select ${teamId}::uuid, unnest(${ids}::uuid[])`
    await sql`
      insert into sessions (id, agent_id, token, expires_at)
      select gen_random_uuid(), agent, token, now() + interval '1 day'
      from unnest(${ids}::uuid[], ${tokens}::text[]) as u(agent, token)`
    const rows = await sql<{ id: string }[]>`
      with contact as (
        insert into contacts (id, workspace_id, name)
        select gen_random_uuid(), ${workspaceId}::uuid, 'Customer ' || n from generate_series(1, ${conversations}::int) n
        returning id
      )
      insert into conversations (id, workspace_id, channel_id, contact_id, last_inbound_at)
      select gen_random_uuid(), ${workspaceId}::uuid, ${channelId}::uuid, id, now() from contact returning id`
    return {
      workspaceId,
      channelId,
      agents: people.map(({ id, token }) => ({ id, cookie: `baton=${signed(token)}` })),
      conversationIds: rows.map((row) => row.id),
    }
  } finally {
    await sql.end()
  }
}

/** As better-auth signs its cookie. */
function signed(token: string): string {
  return encodeURIComponent(`${token}.${createHmac('sha256', BENCH_SECRET).update(token).digest('base64')}`)
}
