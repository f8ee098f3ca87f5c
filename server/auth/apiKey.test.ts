import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApiKey } from '../inbox/createApiKey.ts'
import { apiKeysOf } from '../inbox/readApiKeys.ts'
import { revokeApiKey } from '../inbox/revokeApiKey.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { makeApiKey } from './apiKey.ts'
import { callerOf, credentialOf } from './credential.ts'

const MINUTE_MS = 60_000
let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())

async function newKey(expiresAt: Date | null = null) {
  const { workspaceId, agentId, sql } = workspace
  const { key, prefix, hash } = makeApiKey()
  const { id } = await sql.begin((tx) =>
    createApiKey(tx, {
      workspaceId,
      agentId,
      name: 'Shop',
      scopes: ['read'],
      expiresAt,
      createdById: agentId,
      prefix,
      hash,
    }),
  )
  return { id, key, prefix }
}

async function callerWith(key: string, now = new Date()) {
  const credential = await credentialOf(new Headers({ authorization: `Bearer ${key}` }), async () => null)
  return credential && callerOf(workspace.sql, credential, now)
}

async function listed(id: string) {
  return (await apiKeysOf(workspace.sql, workspace.workspaceId)).find((one) => one.id === id)
}

describe('an API key', () => {
  test('acts as its agent, within its scopes', async () => {
    const { key } = await newKey()
    expect(key).toMatch(/^baton_[0-9a-f]{64}$/)
    expect(await callerWith(key)).toMatchObject({
      scopes: ['read'],
      agent: {
        id: workspace.agentId,
        workspaceId: workspace.workspaceId,
        role: 'agent',
        teamIds: [workspace.teamId],
      },
    })
  })

  test('is nowhere in the database, only its hash and its beginning', async () => {
    const { id, key, prefix } = await newKey()
    const rows = await workspace.sql`select api_keys::text as row from api_keys`
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toContain(key)
    expect(await listed(id)).toMatchObject({ prefix, agent: { name: 'Ana' }, createdBy: { name: 'Ana' } })
    expect(key).toStartWith(prefix)
  })

  test('that is wrong by a digit, cut, or empty is nobody', async () => {
    const { key } = await newKey()
    const last = key.endsWith('0') ? '1' : '0'
    for (const wrong of [key.slice(0, -1) + last, key.slice(0, -1), key.toUpperCase(), 'baton_']) {
      expect(await callerWith(wrong)).toBeNull()
    }
    for (const said of ['', 'Bearer', 'Bearer ', `Basic ${key}`, `Bearer ${key} ${key}`]) {
      expect(await credentialOf(new Headers({ authorization: said }), async () => null)).toBeNull()
    }
    expect(await callerWith(key)).not.toBeNull()
  })

  test('ends at its time, and when it is revoked', async () => {
    const now = new Date()
    const { key } = await newKey(new Date(now.getTime() + MINUTE_MS))
    expect(await callerWith(key, new Date(now.getTime() + MINUTE_MS - 1))).not.toBeNull()
    expect(await callerWith(key, new Date(now.getTime() + MINUTE_MS))).toBeNull()
    const other = await newKey()
    const { workspaceId, agentId: revokedById, sql } = workspace
    await sql.begin((tx) => revokeApiKey(tx, { workspaceId, id: other.id, revokedById, now }))
    expect(await callerWith(other.key)).toBeNull()
    expect((await listed(other.id))?.revokedAt).toBe(now.toISOString())
    const later = new Date(now.getTime() + MINUTE_MS)
    await sql.begin((tx) => revokeApiKey(tx, { workspaceId, id: other.id, revokedById, now: later }))
    expect((await listed(other.id))?.revokedAt).toBe(now.toISOString())
  })

  test('notes its use once a minute, however often it is used', async () => {
    const { id, key } = await newKey()
    expect((await listed(id))?.lastUsedAt).toBeNull()
    const first = new Date()
    await callerWith(key, first)
    await callerWith(key, new Date(first.getTime() + MINUTE_MS - 1))
    expect((await listed(id))?.lastUsedAt).toBe(first.toISOString())
    const next = new Date(first.getTime() + MINUTE_MS)
    await Promise.all([callerWith(key, next), callerWith(key, next)])
    expect((await listed(id))?.lastUsedAt).toBe(next.toISOString())
  })

  test('is not made for an agent of elsewhere', async () => {
    const { prefix, hash } = makeApiKey()
    const { workspaceId, sql } = workspace
    const stranger = { workspaceId, agentId: Bun.randomUUIDv7(), name: 'x', scopes: ['read' as const] }
    const made = sql.begin((tx) =>
      createApiKey(tx, { ...stranger, expiresAt: null, createdById: null, prefix, hash }),
    )
    await expect(made).rejects.toMatchObject({ reason: 'NOT_FOUND' })
  })

  test('leaves a trail: who made it, who revoked it', async () => {
    const { workspaceId, agentId, sql } = workspace
    const { id } = await newKey()
    await sql.begin((tx) => revokeApiKey(tx, { workspaceId, id, revokedById: agentId, now: new Date() }))
    const trail = await sql`
      select action, actor_id from audit_entries where details->>'apiKeyId' = ${id} order by id`
    expect(trail.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['api_key.created', agentId],
      ['api_key.revoked', agentId],
    ])
  })
})
