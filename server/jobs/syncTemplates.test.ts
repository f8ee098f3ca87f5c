import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { templatesOfChannel } from '../inbox/readTemplates.ts'
import { persist } from '../ingest/persist.ts'
import { createLog } from '../log.ts'
import { delivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { oneToken } from '../whatsapp/accessToken.ts'
import { createTemplateSource } from '../whatsapp/graphTemplates.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { keepTemplatesFresh, syncTemplates } from './syncTemplates.ts'

const log = createLog({ level: 'silent', name: 'test' })
const now = () => new Date()

let workspace: TestWorkspace
let graph: ReturnType<typeof Bun.serve>
/** What the account has at WhatsApp, and the requests that asked for it. */
let atWhatsapp: { id: string; name: string; [key: string]: unknown }[] = []
let asked: URL[] = []

beforeAll(async () => {
  workspace = await testWorkspace()
  graph = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const url = new URL(request.url)
      asked.push(url)
      if (request.headers.get('authorization') !== 'Bearer token') {
        return Response.json({ error: { code: 190, message: 'Token expired' } }, { status: 401 })
      }
      const limit = Number(url.searchParams.get('limit'))
      const from = Number(url.searchParams.get('after') ?? 0)
      const data = atWhatsapp.slice(from, from + limit)
      const end = from + data.length
      const next = end < atWhatsapp.length ? { next: 'http://elsewhere.example/steal' } : {}
      return Response.json({
        data,
        paging: { cursors: { before: String(from), after: String(end) }, ...next },
      })
    },
  })
})
afterAll(async () => {
  await graph.stop(true)
  await workspace.drop()
})
beforeEach(async () => {
  await workspace.sql`truncate templates, channel_events`
  asked = []
  atWhatsapp = Array.from({ length: 7 }, (_, index) => ({
    id: String(1000 + index),
    name: `template_${index}`,
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    parameter_format: 'POSITIONAL',
    components: [{ type: 'BODY', text: `Number ${index}: {{1}}` }],
  }))
})

const account = () => ({ workspaceId: workspace.workspaceId, businessAccountId: '102290129340398' })
const source = (accessToken = 'token') =>
  createTemplateSource({
    apiUrl: `http://127.0.0.1:${graph.port}/v24.0`,
    tokenOf: oneToken(accessToken),
    pageSize: 3,
  })
const sync = () => syncTemplates({ sql: workspace.sql, source: source(), now }, account())
const list = async (search = '') =>
  (await templatesOfChannel(workspace.sql, workspace.channelId, search)).templates

async function hear(field: string, value: object) {
  const body = new TextEncoder().encode(JSON.stringify(delivery({ ...value }, field)))
  const items = readDelivery(body, now()).map((item) => ({
    ...item,
    streamId: '1-0',
    receivedAt: now(),
    body,
  }))
  await persist(workspace.sql, items, now)
}

describe('the templates of an account', () => {
  test('are fetched page by page, from the API that was configured and from nowhere else', async () => {
    expect(await sync()).toBe(7)
    expect(asked.map((url) => url.searchParams.get('after'))).toEqual([null, '3', '6'])
    expect(asked.every((url) => url.pathname === '/v24.0/102290129340398/message_templates')).toBe(true)
    expect((await list()).map((one) => one.name)).toEqual(atWhatsapp.map((one) => one.name))
  })

  test('change with what WhatsApp has; one that is gone is not offered any more', async () => {
    await sync()
    const ids = new Map((await list()).map((one) => [one.name, one.id]))
    atWhatsapp = atWhatsapp
      .slice(1)
      .map((one) => ({ ...one, status: one.id === '1003' ? 'PAUSED' : 'APPROVED' }))
    await sync()
    const after = await list()
    expect(after.map((one) => one.name)).not.toContain('template_0')
    expect(after.every((one) => one.id === ids.get(one.name))).toBe(true)
    expect(after.at(-1)).toMatchObject({ name: 'template_3', status: 'PAUSED' })
    expect(after.at(-1)?.unusable).toContain('paused')
  })

  test('are found by name, with or without underscores, and by what they say', async () => {
    await sync()
    expect((await list('template 4')).map((one) => one.name)).toEqual(['template_4'])
    expect((await list('number 2')).map((one) => one.name)).toEqual(['template_2'])
  })

  test('are left as they are when WhatsApp refuses', async () => {
    await sync()
    const refused = syncTemplates({ sql: workspace.sql, source: source('old'), now }, account())
    expect(refused).rejects.toMatchObject({ error: { code: 190 } })
    await refused.catch(() => {})
    expect(await list()).toHaveLength(7)
  })

  test('follow webhooks at once: status, quality and category', async () => {
    await sync()
    const about = {
      message_template_id: 1002,
      message_template_name: 'template_2',
      message_template_language: 'en-US',
    }
    const template = async () => (await list()).find((one) => one.name === 'template_2')
    await hear('message_template_status_update', { ...about, event: 'PAUSED', reason: 'NONE' })
    expect(await template()).toMatchObject({ status: 'PAUSED', unusable: expect.any(String) })
    await hear('message_template_status_update', { ...about, event: 'REINSTATED', reason: 'NONE' })
    expect(await template()).toMatchObject({ status: 'APPROVED', unusable: null })
    await hear('message_template_quality_update', { ...about, new_quality_score: 'YELLOW' })
    await hear('template_category_update', {
      ...about,
      previous_category: 'UTILITY',
      new_category: 'MARKETING',
    })
    expect(await template()).toMatchObject({ quality: 'YELLOW', category: 'MARKETING' })
    await hear('message_template_status_update', { ...about, event: 'DELETED', reason: 'NONE' })
    expect(await template()).toBeUndefined()
  })

  test('are fetched at the start, and again after news about one of them', async () => {
    const leaving = new AbortController()
    const run = () => keepTemplatesFresh({ sql: workspace.sql, source: source(), log, now }, leaving.signal)
    const first = run()
    await eventually(async () => (await list()).length === 7)
    leaving.abort()
    await first
    expect(asked).toHaveLength(3)

    const again = new AbortController()
    atWhatsapp = atWhatsapp.map((one) => ({ ...one, components: [{ type: 'BODY', text: 'New words' }] }))
    await hear('message_template_components_update', { message_template_id: 1002 })
    const second = keepTemplatesFresh({ sql: workspace.sql, source: source(), log, now }, again.signal)
    await eventually(async () => (await list()).every((one) => one.body.text === 'New words'))
    again.abort()
    await second
  })
})
