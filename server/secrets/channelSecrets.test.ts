import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { createRegister } from '../http/metrics.ts'
import { createWebhook } from '../http/webhook.ts'
import { keepCredentials, type SealedCredentials } from '../inbox/keepCredentials.ts'
import { type Bell, createBell } from '../live/bell.ts'
import { createLog } from '../log.ts'
import { createIngestMetrics } from '../metrics.ts'
import { delivery, signatureOf, textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { graphThat, TestOutbox } from '../testing/testOutbox.ts'
import { TEST_PHONE_NUMBER_ID } from '../testing/testWorkspace.ts'
import type { GraphOutcome, OutgoingMessage } from '../whatsapp/graph.ts'
import { type ChannelSecrets, openChannelSecrets } from './channelSecrets.ts'
import { type CREDENTIALS, placeOf } from './credentialPlace.ts'
import { createKeyRing, type KeyRing } from './keyRing.ts'
import { sealAnew } from './sealAnew.ts'

const log = createLog({ level: 'silent', name: 'test' })
const SECOND_NUMBER = '207651209090909'
const ACCOUNT = '307651209090909'
const common = {
  accessToken: 'token of the environment',
  appSecrets: ['common-secret'],
  verifyToken: 'common',
}
const [oldKey, newKey, strangeKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const oldRing = createKeyRing([oldKey])

let outbox: TestOutbox
let second: string
let bell: Bell
let subscriber: Redis
let opened: ChannelSecrets[]

beforeEach(async () => {
  outbox = await TestOutbox.open()
  second = Bun.randomUUIDv7()
  await outbox.workspace.sql`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
    values (${second}, ${outbox.workspace.workspaceId}, 'Sales', ${SECOND_NUMBER}, '15550009999', ${ACCOUNT})`
  subscriber = outbox.redis.duplicate()
  bell = createBell(outbox.redis, subscriber, log)
  opened = []
})
afterEach(async () => {
  for (const secrets of opened) secrets.close()
  bell.close()
  subscriber.disconnect()
  await outbox.close()
})

async function open(keys: KeyRing): Promise<ChannelSecrets> {
  const secrets = await openChannelSecrets({ sql: outbox.workspace.sql, keys, common, bell, log })
  opened.push(secrets)
  return secrets
}

function keep(channelId: string, given: SealedCredentials, keys = oldRing) {
  const seal = (name: (typeof CREDENTIALS)[number]) =>
    given[name] === undefined ? {} : { [name]: keys.seal(given[name], placeOf(channelId, name)) }
  const sealed = { ...seal('accessToken'), ...seal('appSecret'), ...seal('verifyToken') }
  return outbox.workspace.sql.begin((tx) => keepCredentials(tx, channelId, sealed))
}

/** A customer writes to the second number, and is answered there. */
async function answerOnSecond(body: string, phone = '16505550002') {
  const text = textDelivery(`wamid.${phone}`, 'Hi', phone, outbox.clock)
  const json = JSON.stringify(text).replaceAll(TEST_PHONE_NUMBER_ID, SECOND_NUMBER)
  await outbox.receive(JSON.parse(json))
  const [row] = await outbox.workspace.sql<{ id: string }[]>`
    select c.id from conversations c join contacts on contacts.id = c.contact_id
    where contacts.phone = ${phone} and c.channel_id = ${second}`
  return outbox.send(row?.id ?? '', body, second)
}

const sent = (_: OutgoingMessage, count: number): GraphOutcome => ({ sent: `wamid.sent.${count}` })
const tokensOf = (reached: readonly OutgoingMessage[]) =>
  reached.map(({ phoneNumberId, accessToken }) => [phoneNumberId, accessToken])
const stopped = async () => [
  ...(await outbox.workspace.sql<{ name: string; code: number }[]>`
    select name, (stop_error ->> 'code')::int as code from channels where stopped_at is not null order by name`),
]

describe('sending with tokens of channels', () => {
  test('each channel sends with its own, and one that has none with that of the environment', async () => {
    await keep(second, { accessToken: 'token of Sales' })
    const { reached, ...graph } = graphThat(sent)
    await outbox.send(await outbox.openConversation(), 'from Support')
    await answerOnSecond('from Sales')
    await outbox.running(graph, () => eventually(() => reached.length === 2), await open(oldRing))
    expect(tokensOf(reached).sort()).toEqual([
      [TEST_PHONE_NUMBER_ID, 'token of the environment'],
      [SECOND_NUMBER, 'token of Sales'],
    ])
  })

  test('a refused token stops its channel alone, and another token starts it again at once', async () => {
    await keep(second, { accessToken: 'expired' })
    const secrets = await open(oldRing)
    const { reached, ...graph } = graphThat((message, count) =>
      message.accessToken === 'expired'
        ? { refused: { code: 190, title: 'Session has expired', details: null } }
        : sent(message, count),
    )
    await outbox.running(
      graph,
      async () => {
        await answerOnSecond('from Sales')
        await outbox.send(await outbox.openConversation(), 'from Support')
        outbox.ring()
        await eventually(async () => (await stopped()).length === 1 && reached.length === 2)
        expect(await stopped()).toEqual([{ name: 'Sales', code: 190 }])
        await keep(second, { accessToken: 'fresh' })
        bell.ring('secrets')
        await eventually(
          async () =>
            (await secrets.digests()).own.length === 1 &&
            (await secrets.tokenOf({ phoneNumberId: SECOND_NUMBER })) === 'fresh',
        )
        await eventually(() => reached.at(-1)?.accessToken === 'fresh', { withinMs: 4000 })
      },
      secrets,
    )
    expect(await stopped()).toEqual([])
    expect(await outbox.states()).toEqual(['sent', 'sent'])
  }, 20_000)

  test('a key that does not fit stops the channel of that token alone, says which, and the right key starts it again', async () => {
    await keep(second, { accessToken: 'token of Sales' })
    const blind = await open(createKeyRing([strangeKey]))
    expect(await blind.unreadable()).toMatchObject([{ channelId: second, name: 'Sales' }])
    const { reached, ...graph } = graphThat(sent)
    await answerOnSecond('from Sales')
    await outbox.send(await outbox.openConversation(), 'from Support')
    await outbox.running(graph, () => eventually(() => reached.length === 1), blind)
    expect(tokensOf(reached)).toEqual([[TEST_PHONE_NUMBER_ID, 'token of the environment']])
    expect(await stopped()).toEqual([{ name: 'Sales', code: -2 }])
    await outbox.running(graph, () => eventually(() => reached.length === 2), await open(oldRing))
    expect(await stopped()).toEqual([])
    expect(reached.at(-1)?.accessToken).toBe('token of Sales')
  })

  test('keys are rotated while a sender runs: not a message waits, and the old key opens nothing any more', async () => {
    await keep(second, { accessToken: 'token of Sales', appSecret: 'secret of Sales' })
    const both = createKeyRing([newKey, oldKey])
    const { reached, ...graph } = graphThat(sent)
    await outbox.running(
      graph,
      async () => {
        const sends = Array.from({ length: 10 }, (_, index) =>
          answerOnSecond(`${index}`, `1650555010${index}`),
        )
        const rotation = await sealAnew(outbox.workspace.sql, both)
        expect(rotation).toEqual({ sealed: 2, current: 0, unreadable: [] })
        bell.ring('secrets')
        await Promise.all(sends)
        await eventually(() => {
          outbox.pass(100) // the number's own pace
          return reached.length === 10
        })
      },
      await open(both),
    )
    expect(new Set(reached.map(({ accessToken }) => accessToken))).toEqual(new Set(['token of Sales']))
    expect(await stopped()).toEqual([])
    expect(await sealAnew(outbox.workspace.sql, both)).toEqual({ sealed: 0, current: 2, unreadable: [] })
    expect(await (await open(createKeyRing([newKey]))).tokenOf({ phoneNumberId: SECOND_NUMBER })).toBe(
      'token of Sales',
    )
    expect(await (await open(oldRing)).unreadable()).toHaveLength(1)
  })

  test('a rotation without the old key changes nothing and names each secret', async () => {
    await keep(second, { accessToken: 'token of Sales', appSecret: 'secret of Sales' })
    const rotation = await sealAnew(outbox.workspace.sql, createKeyRing([newKey]))
    expect(rotation).toMatchObject({
      sealed: 0,
      unreadable: [{ credential: 'accessToken' }, { credential: 'appSecret' }],
    })
    expect(await (await open(oldRing)).tokenOf({ businessAccountId: ACCOUNT })).toBe('token of Sales')
  })

  test('a secret that was moved to another channel in the database does not open there', async () => {
    await keep(second, { accessToken: 'token of Sales' })
    const { sql, channelId } = outbox.workspace
    await sql`insert into channel_credentials (channel_id, access_token)
      select ${channelId}, access_token from channel_credentials where channel_id = ${second}`
    expect(await (await open(oldRing)).unreadable()).toMatchObject([{ channelId, name: 'Support' }])
  })
})

describe('the webhook', () => {
  const BODY = JSON.stringify(delivery({ messages: [] }))
  const webhookWith = (secrets: ChannelSecrets) =>
    createWebhook({
      secrets: secrets.webhook,
      append: async () => {},
      metrics: createIngestMetrics(createRegister()).webhook,
      log,
    })
  const post = (secret: string) =>
    new Request('http://localhost/webhooks/whatsapp', {
      method: 'POST',
      body: BODY,
      headers: { 'x-hub-signature-256': signatureOf(BODY, secret) },
    })
  const handshake = (token: string) =>
    new Request(
      `http://localhost/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=0042&hub.verify_token=${token}`,
    )

  test('takes what a channel’s own secret or that of the environment signed, and nothing else', async () => {
    await keep(second, { appSecret: 'secret of Sales', verifyToken: 'word of Sales' })
    const secrets = await open(oldRing)
    const webhook = webhookWith(secrets)
    // That of a channel speaks for its company alone; that of the environment, which is not named here, for all.
    const { workspaceId } = outbox.workspace
    expect([...(secrets.webhook().ownersOf ?? [])]).toEqual([['secret of Sales', [workspaceId]]])
    const answers = ['secret of Sales', 'common-secret', 'another', 'word of Sales', ''].map(
      async (secret) => (await webhook(post(secret || 'x'))).status,
    )
    expect(await Promise.all(answers)).toEqual([200, 200, 401, 401, 401])
    const hands = ['word of Sales', 'common', 'secret of Sales', ''].map(
      async (token) => (await webhook(handshake(token))).status,
    )
    expect(await Promise.all(hands)).toEqual([200, 200, 403, 403])
  })

  test('knows a secret that was just stored after one ring, and forgets one that was taken away', async () => {
    const webhook = webhookWith(await open(oldRing))
    expect((await webhook(post('secret of Sales'))).status).toBe(401)
    await keep(second, { appSecret: 'secret of Sales' })
    bell.ring('secrets')
    await eventually(async () => (await webhook(post('secret of Sales'))).status === 200, { withinMs: 2000 })
    await outbox.workspace.sql`delete from channel_credentials`
    bell.ring('secrets')
    await eventually(async () => (await webhook(post('secret of Sales'))).status === 401, { withinMs: 2000 })
  })

  test('asks the database nothing while it receives', async () => {
    await keep(second, { appSecret: 'secret of Sales' })
    const webhook = webhookWith(await open(oldRing))
    await outbox.workspace.sql`alter table channel_credentials rename to away`
    await outbox.workspace.sql`alter table channels rename to gone`
    expect((await webhook(post('secret of Sales'))).status).toBe(200)
    await outbox.workspace.sql`alter table gone rename to channels`
  })
})
