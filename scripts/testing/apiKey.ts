import { openDatabase } from '../../db/client.ts'
import { makeApiKey } from '../../server/auth/apiKey.ts'
import type { Scope } from '../../server/inbox/apiKey.ts'
import { createApiKey } from '../../server/inbox/createApiKey.ts'

/** An API key of an agent of the demo, made as `bun run apikey:create` makes it. */
export async function apiKeyFor(
  databaseUrl: string,
  email: string,
  scopes: readonly Scope[],
): Promise<string> {
  const { sql, close } = openDatabase(databaseUrl, { connections: 1 })
  try {
    const [agent] = await sql<{ agentId: string; workspaceId: string }[]>`
      select m.agent_id, m.workspace_id from agents a join memberships m on m.agent_id = a.id where a.email = ${email}`
    if (!agent) throw new Error(`There is no agent ${email}`)
    const { key, prefix, hash } = makeApiKey()
    const name = `of ${email}, to ${scopes.join(' and ')}`
    await sql.begin((tx) =>
      createApiKey(tx, { ...agent, name, scopes, expiresAt: null, createdById: null, prefix, hash }),
    )
    return key
  } finally {
    await close()
  }
}
