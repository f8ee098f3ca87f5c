import type { Flaw } from './flaw.ts'

const FOREIGN = { test: 'server/inbox/foreignDelivery.test.ts', passes: null }
const INJECTION = { test: 'scripts/testing/injection.test.ts', passes: 'finds nothing more' }
const DOOR = { file: 'server/ws/admit.ts', test: 'server/ws/handlers.test.ts' }
const DOOR_TEST = { fails: 'is shut to every origin', passes: 'opens for our pages' }

/** Of who may see and change what, and of those who are in already. */
export const FLAWS_OF_ACCESS: Flaw[] = [
  {
    ids: 'CVE-2026-115725',
    what: 'Chatwoot: another account reaches a message by its id (here: a wamid)',
    ...FOREIGN,
    file: 'server/inbox/matchAttempts.ts',
    changes: [['by_wamid.channel_id = r."channelId" and by_wamid.wamid', 'by_wamid.wamid']],
    fails: 'a status that',
    passes: 'a customer of two companies',
  },
  {
    ids: 'CVE-2026-115725',
    what: 'Chatwoot: another account reaches a message by its id (here: an attempt)',
    ...FOREIGN,
    file: 'server/inbox/matchAttempts.ts',
    changes: [['by_id.id = r."attemptId" and by_id.channel_id = r."channelId"', 'by_id.id = r."attemptId"']],
    fails: 'a status that',
    passes: 'a customer of two companies',
  },
  {
    ids: 'CVE-2026-115725',
    what: 'Chatwoot: another account reaches a contact by its phone number',
    ...FOREIGN,
    file: 'server/inbox/findContacts.ts',
    changes: [
      ['i.workspace_id = r."workspaceId" and i.kind = r.kind', 'i.kind = r.kind'],
      [
        'known.set(keyOf(row.workspaceId, row), {',
        'for (const one of new Set(rows.map((each) => each.workspaceId))) known.set(keyOf(one, row), {',
      ],
    ],
    fails: 'a customer of two companies',
    passes: 'a status that',
  },
  {
    ids: 'CVE-2026-115725',
    what: 'Chatwoot: whoever may deliver for one account delivers for all (here: who knows the secret of one app)',
    ...FOREIGN,
    file: 'server/inbox/storeDeliveries.ts',
    changes: [
      [
        'return signedFor !== null && !signedFor.includes(channel.workspaceId)',
        'return signedFor === undefined',
      ],
    ],
    fails: 'an app that works for one company',
    passes: 'a customer of two companies',
  },
  {
    ids: 'CVE-2025-21628, CVE-2022-32211',
    what: 'Chatwoot, Rocket.Chat: a filter becomes part of the SQL',
    ...INJECTION,
    file: 'server/inbox/readDeadLetters.ts',
    changes: [['sql`and l.reason = ${which.reason}`', "sql.unsafe(`and l.reason = '${which.reason}'`)"]],
    fails: 'is only ever a text in what nobody has to say',
  },
  {
    ids: 'CVE-2025-21628',
    what: 'Chatwoot: an attribute of a contact becomes part of the SQL',
    ...INJECTION,
    file: 'server/inbox/updateContact.ts',
    changes: [['given_name = ${after.givenName}', "given_name = ${tx.unsafe(`'${after.givenName}'`)}"]],
    fails: 'is only ever a text in what nobody has to say',
  },
  {
    ids: 'CVE-2021-3740',
    what: 'Chatwoot: other sessions outlive a change of password',
    file: 'server/inbox/changePassword.ts',
    changes: [['tx`delete from sessions where agent_id', 'tx`select 1 from sessions where agent_id']],
    test: 'scripts/testing/endedSessions.test.ts',
    fails: 'a changed password ends every other session',
    passes: null,
  },
  {
    ids: 'CVE-2021-3740',
    what: 'Chatwoot: a socket that was let in is never looked at again',
    file: 'server/ws/handlers.ts',
    changes: [['if (!live.has(bun.data.sessionId))', 'if (live.size > asked.length)']],
    test: 'scripts/testing/endedSessions.test.ts',
    fails: 'a changed password ends every other session',
    passes: null,
  },
  {
    ids: 'CVE-2026-45349, CVE-2026-44569',
    what: 'Open WebUI: whoever knows the id of a conversation reads it',
    file: 'server/inbox/policy.ts',
    changes: [
      [
        'sql`(c.channel_id = any(${[...reach.whole]}::uuid[]) or c.channel_id = any(${[...reach.assigned]}::uuid[])\n        and (c.assignee_id = ${reach.agentId} or c.team_id = any(${[...reach.teamIds]}::uuid[])))`',
        'sql`c.channel_id = any(${reach.channelIds}::uuid[])`',
      ],
    ],
    test: 'server/inbox/policy.test.ts',
    fails: 'agents and viewers see',
    passes: 'owners and administrators see every one',
  },
  {
    ids: 'GHSA-4qcv-qf38-5j3j',
    what: 'NodeBB: a socket opens for a page that says nothing about where it is from',
    ...DOOR,
    ...DOOR_TEST,
    changes: [
      [
        'origin === null || !door.origins.includes(origin)',
        'origin !== null && !door.origins.includes(origin)',
      ],
    ],
  },
  {
    ids: 'GHSA-f53g-frr2-jhpf',
    what: 'Gitpod: an origin that begins like ours passes for ours',
    ...DOOR,
    ...DOOR_TEST,
    changes: [['!door.origins.includes(origin)', '!door.origins.some((ours) => origin.startsWith(ours))']],
  },
  {
    ids: 'CVE-2019-1000022',
    what: 'Sente: a socket opens from any page',
    ...DOOR,
    ...DOOR_TEST,
    changes: [['origin === null || !door.origins.includes(origin)', 'door.origins.length === 0']],
  },
]
