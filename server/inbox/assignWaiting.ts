import type { Queryable, Sql, Transaction } from '../../db/client.ts'
import { applyWork, type WorkChange } from './applyWork.ts'
import { type AssignmentMethod, type Candidate, chooseAgent } from './chooseAgent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { workOf } from './decideWork.ts'
import { lockConversations } from './lockConversations.ts'
import { membersInReach } from './membersInReach.ts'
import { conversationsById } from './readConversations.ts'

type Rule = {
  id: string
  channelId: string | null
  teamId: string | null
  method: AssignmentMethod
  capacity: number | null
  skipsAway: boolean
  lastAgentId: string | null
}

/** So many at a time: what is left is next. */
const MOST_AT_ONCE = 200

/** A conversation that waits for an agent: since nobody has it, or since whoever has it has not answered in time. */
const isDue = (sql: Queryable, now: Date) => sql`
  c.status = 'open' and c.last_position > '' and (
    c.assignee_id is null and r.method <> 'hand'
    or c.assignee_id is not null and r.return_after_minutes is not null
      and last.direction = 'in' and last.sent_at < ${now.toISOString()}::timestamptz - r.return_after_minutes * interval '1 minute'
      and coalesce((
        select max(e.created_at) from audit_entries e
        where e.conversation_id = c.id and e.action = 'conversation.assigned'
      ), c.created_at) < ${now.toISOString()}::timestamptz - r.return_after_minutes * interval '1 minute'
  )`

/** The rule of a conversation `c`: that of its team, else that of its channel. */
const withRule = (sql: Queryable) => sql`
  join lateral (
    select * from assignment_rules rule
    where rule.team_id = c.team_id or rule.channel_id = c.channel_id
    order by rule.team_id is null limit 1
  ) r on true
  left join messages last on last.id = c.last_message_id`

/** The conversations that wait for an agent, by workspace, oldest first. No statement is slow where there are no rules. */
export async function waitingForAgent(sql: Sql, now: Date): Promise<Map<string, string[]>> {
  const rows = await sql<{ id: string; workspaceId: string }[]>`
    select c.id, c.workspace_id from conversations c ${withRule(sql)}
    where c.workspace_id in (select workspace_id from assignment_rules) and ${isDue(sql, now)}
    order by c.last_position limit ${MOST_AT_ONCE}`
  const byWorkspace = new Map<string, string[]>()
  for (const { id, workspaceId } of rows)
    byWorkspace.set(workspaceId, [...(byWorkspace.get(workspaceId) ?? []), id])
  return byWorkspace
}

/**
 * Gives conversations that wait to agents, by the rules of their teams and channels; `present` are those who are here and not away.
 * Under the lock of each one it is looked at again: whoever assigned it by hand meanwhile was first. Returns how many changed hands.
 */
export async function assignWaiting(
  tx: Transaction,
  {
    workspaceId,
    ids,
    present,
  }: { workspaceId: string; ids: readonly string[]; present: ReadonlySet<string> },
  now: Date,
): Promise<number> {
  const locked = await lockConversations(tx, ids)
  const due = await tx<{ id: string; ruleId: string }[]>`
    select c.id, r.id as rule_id from conversations c ${withRule(tx)}
    where c.id = any(${locked.map((one) => one.id)}::uuid[]) and ${isDue(tx, now)}
    order by c.last_position`
  if (due.length === 0) return 0
  const rules = await lockRules(tx, [...new Set(due.map((one) => one.ruleId))])
  const members = await candidatesOf(tx, workspaceId)
  const read = await conversationsById(
    tx,
    due.map((one) => one.id),
  )
  const changes: WorkChange[] = []
  for (const { id, ruleId } of due) {
    const conversation = locked.find((one) => one.id === id)
    const snapshot = read.find((one) => one.id === id)
    const rule = rules.get(ruleId)
    if (!conversation || !snapshot || !rule) continue
    const before = workOf(snapshot)
    const free = members.filter(
      (member) =>
        member.agentId !== before.assigneeId &&
        (!rule.skipsAway || present.has(member.agentId)) &&
        member.teamIds.some((teamId) => isAskedBy(rule, teamId, member)) &&
        member.reach.covers({ ...conversation, assigneeId: member.agentId }),
    )
    const chosen = chooseAgent(
      rule.method,
      free.map((one) => withCapacity(one, rule)),
      rule.lastAgentId,
    )
    if (chosen === before.assigneeId) continue
    const taken = members.find((one) => one.agentId === chosen)
    if (taken) taken.open += 1
    if (chosen) rule.lastAgentId = chosen
    changes.push({ conversation, before, after: { ...before, assigneeId: chosen } })
  }
  for (const { id, lastAgentId } of rules.values())
    await tx`update assignment_rules set last_agent_id = ${lastAgentId} where id = ${id}`
  const { events } = await applyWork(tx, changes, null)
  commitWithEvents(tx, events)
  return changes.length
}

type Member = Awaited<ReturnType<typeof candidatesOf>>[number]

const isAskedBy = (rule: Rule, teamId: string, member: Member) =>
  rule.teamId ? teamId === rule.teamId : (member.channelsOf.get(teamId) ?? []).includes(rule.channelId ?? '')

const withCapacity = ({ agentId, open, capacity }: Member, rule: Rule): Candidate => {
  return { agentId, open, capacity: capacity ?? rule.capacity }
}

async function lockRules(tx: Transaction, ids: readonly string[]): Promise<Map<string, Rule>> {
  const rows = await tx<Rule[]>`
    select id, channel_id, team_id, method, capacity, skips_away, last_agent_id from assignment_rules
    where id = any(${[...ids]}::uuid[]) order by id for update`
  return new Map(rows.map((rule) => [rule.id, rule]))
}

/** Whoever may answer and is in a team, with what they have open. */
async function candidatesOf(tx: Transaction, workspaceId: string) {
  const rows = await tx<{ agentId: string; teamIds: string[]; open: number; capacity: number | null }[]>`
    select m.agent_id, m.capacity,
           array(select tm.team_id::text from team_members tm where tm.agent_id = m.agent_id) as team_ids,
           (select count(*)::int from conversations c
            where c.workspace_id = m.workspace_id and c.status = 'open' and c.assignee_id = m.agent_id) as open
    from memberships m where m.workspace_id = ${workspaceId} and m.deactivated_at is null`
  const answered = await tx<{ teamId: string; channelIds: string[] }[]>`
    select ct.team_id, array_agg(ct.channel_id::text) as channel_ids from channel_teams ct
    join teams t on t.id = ct.team_id where t.workspace_id = ${workspaceId} group by ct.team_id`
  const channelsOf = new Map(answered.map(({ teamId, channelIds }) => [teamId, channelIds]))
  const agentIds = rows.map((row) => row.agentId)
  const reaches = await membersInReach(tx, workspaceId, agentIds, 'conversations.reply')
  return rows.flatMap((row) => {
    const found = reaches.find((one) => one.agentId === row.agentId)
    return found ? [{ ...row, channelsOf, reach: found.reach }] : []
  })
}
