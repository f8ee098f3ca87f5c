import type { Sql } from '../../db/client.ts'

/**
 * Ends what is open in the demo workspace, where the demo is off: everybody knows the password of its accounts. They can not sign in either
 * (`signInBook.ts`). The workspace itself stays as it is.
 */
export async function closeDemo(sql: Sql, now: Date): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      delete from sessions where agent_id in (
        select m.agent_id from memberships m join workspaces w on w.id = m.workspace_id
        group by m.agent_id having bool_and(w.is_demo))`
    await tx`
      update api_keys set revoked_at = ${now.toISOString()}
      where revoked_at is null and workspace_id in (select id from workspaces where is_demo)`
  })
}
