import { openDatabase, type Sql } from '../../../db/client.ts'
import { createPasswordHash } from '../../../server/auth/password.ts'
import { nextPosition } from '../../../server/inbox/position.ts'
import { BUILT_IN_ROLES } from '../../../server/inbox/role.ts'
import { newKey } from '../../../server/storage/mediaKey.ts'
import { type SignedIn, signIn } from '../client.ts'
import type { Stack } from '../stack.ts'

/** Who asks: one agent of each role, all of the team that answers the channels `open` and `mine`. */
export const ROLES = ['owner', 'administrator', 'supervisor', 'agent', 'viewer', 'own'] as const
export type RoleOfMatrix = (typeof ROLES)[number]

/**
 * What is asked for. `mine` and `theirs` stand in a channel that shows a conversation only to whoever it is assigned to: one to
 * the very agent who asks, the other to a colleague.
 */
export const TARGETS = ['open', 'mine', 'theirs', 'otherTeam', 'otherWorkspace'] as const
export type Target = (typeof TARGETS)[number]

/** A conversation with one of everything that can hang on one. `marker` stands in its words and in nobody else's. */
export type Thing = {
  marker: string
  workspaceId: string
  channelId: string
  teamId: string
  contactId: string
  conversationId: string
  assigneeId: string | null
  messageId: string
  sentId: string
  scheduledId: string
  mediaId: string
}

export type Asker = SignedIn & { id: string; things: Record<Target, Thing> }

export type World = {
  url: string
  sql: Sql
  workspaceId: string
  teamId: string
  askers: Record<RoleOfMatrix, Asker>
  /** Signed in once, and a member no more. */
  revoked: SignedIn
  otherOwner: SignedIn
  /** Things of the workspace, and of the other one. */
  own: Foreign
  foreign: Foreign
  close(): Promise<void>
}
export type Foreign = {
  agentId: string
  teamId: string
  channelId: string
  labelId: string
  cannedReplyId: string
  apiKeyId: string
  roleId: string
  inviteId: string
}

const PASSWORD = 'a password for the matrix'

/** Makes, in the database of a running stack, everything that the matrix asks for. */
export async function makeWorld(stack: Stack): Promise<World> {
  const { sql, close } = openDatabase(stack.databaseUrl, { connections: 3 })
  const passwordHash = await createPasswordHash(PASSWORD)
  const [demo] = await sql<{ workspaceId: string; teamId: string; channelId: string; salesId: string }[]>`
    select c.workspace_id, ct.team_id, c.id as channel_id, (select id from teams where name = 'Sales') as sales_id
    from channels c join channel_teams ct on ct.channel_id = c.id`
  if (!demo) throw new Error('There is no demo')
  const { workspaceId, teamId } = demo
  const elsewhere = Bun.randomUUIDv7()
  await sql`insert into workspaces (id, name) values (${elsewhere}, 'Elsewhere')`
  await sql`insert into event_counters (workspace_id) values (${elsewhere})`
  const theirTeamId = await addTeam(sql, elsewhere)
  const channels = {
    open: demo.channelId,
    mine: await addChannel(sql, workspaceId, teamId, 'assigned'),
    otherTeam: await addChannel(sql, workspaceId, demo.salesId, 'channel'),
    otherWorkspace: await addChannel(sql, elsewhere, theirTeamId, 'channel'),
  }
  const roleId = await addRole(sql, workspaceId)
  const colleague = await addAgent(sql, { workspaceId, teamId, role: 'agent', roleId: null, passwordHash })
  const leaver = await addAgent(sql, { workspaceId, teamId, role: 'agent', roleId: null, passwordHash })
  const stranger = await addAgent(sql, {
    workspaceId: elsewhere,
    teamId: theirTeamId,
    role: 'owner',
    roleId: null,
    passwordHash,
  })
  const shared = {
    open: await addThing(sql, 'open', workspaceId, channels.open, null),
    theirs: await addThing(sql, 'theirs', workspaceId, channels.mine, colleague.id),
    otherTeam: await addThing(sql, 'otherTeam', workspaceId, channels.otherTeam, null),
    otherWorkspace: await addThing(sql, 'otherWorkspace', elsewhere, channels.otherWorkspace, null),
  }
  const asker = async (role: RoleOfMatrix): Promise<Asker> => {
    const isOwn = role === 'own'
    const made = { workspaceId, teamId, role: isOwn ? 'custom' : role, roleId: isOwn ? roleId : null }
    const { id, email } = await addAgent(sql, { ...made, passwordHash })
    const mine = await addThing(sql, `mine-of-${role}`, workspaceId, channels.mine, id)
    const things = { ...shared, mine }
    for (const thing of Object.values(things)) await addWhatIsTheirs(sql, thing, id)
    return { ...(await signIn(stack.url, email, PASSWORD)), id, things }
  }
  const signedIn = await Promise.all(ROLES.map(async (role) => [role, await asker(role)] as const))
  const revoked = await signIn(stack.url, leaver.email, PASSWORD)
  await sql`delete from memberships where agent_id = ${leaver.id}`
  return {
    url: stack.url,
    sql,
    workspaceId,
    teamId,
    askers: Object.fromEntries(signedIn) as World['askers'],
    revoked,
    otherOwner: await signIn(stack.url, stranger.email, PASSWORD),
    own: await addForeign(sql, workspaceId, colleague.id, teamId, channels.open),
    foreign: await addForeign(sql, elsewhere, stranger.id, theirTeamId, channels.otherWorkspace),
    async close() {
      await Promise.all([...signedIn.map(([, one]) => one), revoked].map((one) => one.close()))
      await close()
    },
  }
}

async function addTeam(sql: Sql, workspaceId: string): Promise<string> {
  const id = Bun.randomUUIDv7()
  await sql`insert into teams (id, workspace_id, name) values (${id}, ${workspaceId}, ${`Team ${id}`})`
  return id
}

async function addRole(sql: Sql, workspaceId: string): Promise<string> {
  const id = Bun.randomUUIDv7()
  await sql`
    insert into roles (id, workspace_id, name, reach, permissions)
    values (${id}, ${workspaceId}, ${`Role ${id}`}, 'own', ${[...BUILT_IN_ROLES.agent.permissions]})`
  return id
}

async function addChannel(
  sql: Sql,
  workspaceId: string,
  teamId: string,
  visibility: string,
): Promise<string> {
  const id = Bun.randomUUIDv7()
  await sql`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id, visibility)
    values (${id}, ${workspaceId}, ${`Channel ${id}`}, ${id}, '15550001111', '1', ${visibility})`
  await sql`insert into channel_teams (channel_id, team_id) values (${id}, ${teamId})`
  return id
}

type Made = {
  workspaceId: string
  teamId: string
  role: string
  roleId: string | null
  passwordHash: string
}

async function addAgent(sql: Sql, { workspaceId, teamId, role, roleId, passwordHash }: Made) {
  const id = Bun.randomUUIDv7()
  const email = `${id}@matrix.baton`
  await sql`insert into agents (id, name, email, email_verified) values (${id}, ${role}, ${email}, true)`
  await sql`
    insert into accounts (id, agent_id, account_id, provider_id, password)
    values (${Bun.randomUUIDv7()}, ${id}, ${id}, 'credential', ${passwordHash})`
  await sql`
    insert into memberships (workspace_id, agent_id, role, role_id) values (${workspaceId}, ${id}, ${role}, ${roleId})`
  await sql`insert into team_members (team_id, agent_id) values (${teamId}, ${id})`
  return { id, email }
}

async function addThing(
  sql: Sql,
  name: string,
  workspaceId: string,
  channelId: string,
  assigneeId: string | null,
): Promise<Thing> {
  const marker = `zq${name.replaceAll('-', '')}zq`.toLowerCase()
  const [contactId, conversationId, messageId, sentId, scheduledId, mediaId] = [
    Bun.randomUUIDv7(),
    Bun.randomUUIDv7(),
    Bun.randomUUIDv7(),
    Bun.randomUUIDv7(),
    Bun.randomUUIDv7(),
    Bun.randomUUIDv7(),
  ]
  const now = new Date()
  const first = nextPosition(now, '')
  const second = nextPosition(now, first)
  const content = JSON.stringify({ kind: 'text', text: marker })
  await sql`insert into contacts (id, workspace_id, name) values (${contactId}, ${workspaceId}, ${marker})`
  await sql`
    insert into conversations (id, workspace_id, channel_id, contact_id, assignee_id, last_position, last_message_id,
      last_inbound_at, unread_count)
    values (${conversationId}, ${workspaceId}, ${channelId}, ${contactId}, ${assigneeId}, ${second}, ${sentId}, ${now}, 1)`
  await sql`
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content, wamid,
      position, sent_at, media_id)
    values (${messageId}, ${workspaceId}, ${channelId}, ${conversationId}, 'in', 'text', 'received', ${marker},
      ${content}::text::json, ${`wamid.${messageId}`}, ${first}, ${now}, ${mediaId})`
  await sql`
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content, attempt,
      position, sent_at)
    values (${sentId}, ${workspaceId}, ${channelId}, ${conversationId}, 'out', 'text', 'failed', ${marker},
      ${content}::text::json, 1, ${second}, ${now})`
  await sql`
    insert into media (id, workspace_id, channel_id, conversation_id, direction, kind, state, filename, storage_key)
    values (${mediaId}, ${workspaceId}, ${channelId}, ${conversationId}, 'in', 'document', 'stored', ${marker}, ${newKey()})`
  const [someone] = assigneeId
    ? [{ id: assigneeId }]
    : await sql<
        { id: string }[]
      >`select agent_id as id from memberships where workspace_id = ${workspaceId} limit 1`
  await sql`
    insert into scheduled_messages (id, workspace_id, channel_id, conversation_id, agent_id, client_message_id, content,
      send_at)
    values (${scheduledId}, ${workspaceId}, ${channelId}, ${conversationId}, ${someone?.id ?? null}, ${Bun.randomUUIDv7()},
      ${content}::text::json, ${new Date(now.getTime() + 86_400_000)})`
  const [team] = await sql<
    { teamId: string }[]
  >`select team_id from channel_teams where channel_id = ${channelId}`
  return {
    marker,
    workspaceId,
    channelId,
    teamId: team?.teamId ?? '',
    contactId,
    conversationId,
    assigneeId,
    messageId,
    sentId,
    scheduledId,
    mediaId,
  }
}

/** A draft, a mention and a scheduled message of the asker, also where they can not see them any more. */
async function addWhatIsTheirs(sql: Sql, thing: Thing, agentId: string): Promise<void> {
  const { workspaceId, channelId, conversationId, messageId, marker } = thing
  await sql`
    insert into drafts (conversation_id, agent_id, workspace_id, body, version, updated_at)
    values (${conversationId}, ${agentId}, ${workspaceId}, ${marker}, 1, now())`
  await sql`
    insert into mentions (message_id, agent_id, workspace_id, conversation_id)
    values (${messageId}, ${agentId}, ${workspaceId}, ${conversationId})`
  const content = JSON.stringify({ kind: 'text', text: marker })
  await sql`
    insert into scheduled_messages (id, workspace_id, channel_id, conversation_id, agent_id, client_message_id, content,
      send_at)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${channelId}, ${conversationId}, ${agentId}, ${Bun.randomUUIDv7()},
      ${content}::text::json, now() + interval '1 day')`
}

async function addForeign(
  sql: Sql,
  workspaceId: string,
  agentId: string,
  teamId: string,
  channelId: string,
): Promise<Foreign> {
  const [labelId, cannedReplyId, apiKeyId, inviteId] = [
    Bun.randomUUIDv7(),
    Bun.randomUUIDv7(),
    Bun.randomUUIDv7(),
    Bun.randomUUIDv7(),
  ]
  await sql`insert into labels (id, workspace_id, name, colour) values (${labelId}, ${workspaceId}, ${labelId}, 'grey')`
  await sql`
    insert into canned_replies (id, workspace_id, shortcut, title, body)
    values (${cannedReplyId}, ${workspaceId}, ${`s${cannedReplyId.slice(-8)}`}, 'Hello', 'Hello')`
  await sql`
    insert into api_keys (id, workspace_id, agent_id, name, prefix, hash, scopes)
    values (${apiKeyId}, ${workspaceId}, ${agentId}, 'A program', 'baton_', ${apiKeyId}, '{read}')`
  await sql`
    insert into invites (id, workspace_id, hash, role, team_ids, expires_at)
    values (${inviteId}, ${workspaceId}, ${inviteId}, 'agent', '{}', now() + interval '1 day')`
  return {
    agentId,
    teamId,
    channelId,
    labelId,
    cannedReplyId,
    apiKeyId,
    inviteId,
    roleId: await addRole(sql, workspaceId),
  }
}
