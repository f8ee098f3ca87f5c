import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import postgres from 'postgres'
import { signatureOf, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import type { Business } from '../simulate/business.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

const WITHIN_MS = 60_000
const CUSTOMER = '16505551234'

describe('connecting a second number', () => {
  let stack: Stack
  let carla: SignedIn
  let sql: postgres.Sql
  let sales: Business
  let teamIds: string[]
  let channelId: string

  beforeAll(async () => {
    stack = await startStack()
    sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => {} })
    sales = stack.simulator.addNumber()
    carla = await signIn(stack.url, 'carla@demo.baton')
    const { teams } = await carla.trpc.people.list.query()
    teamIds = teams.filter(({ name }) => name === 'Support').map(({ id }) => id)
  }, WITHIN_MS)

  afterAll(async () => {
    await carla?.close()
    await sql?.end()
    await stack?.stop()
  }, WITHIN_MS)

  const given = () => {
    const { phoneNumberId, businessAccountId, accessToken, appSecret } = sales.channel
    return { phoneNumberId, businessAccountId, accessToken, appSecret }
  }
  const refusal = async (input: Partial<ReturnType<typeof given>>) => {
    const error = await carla.trpc.channels.verify.mutate({ ...given(), ...input }).catch((error) => error)
    return [error.data?.reason, error.data?.details?.field, error.data?.details?.problem]
  }
  const deliver = (secret: string) => {
    const body = JSON.stringify(textDelivery(`wamid.signed.${secret.length}`, 'Hello', CUSTOMER)).replaceAll(
      '106540352242922',
      sales.channel.phoneNumberId,
    )
    const headers = { 'x-hub-signature-256': signatureOf(body, secret) }
    return fetch(`${stack.url}/webhooks/whatsapp`, { method: 'POST', body, headers }).then(
      ({ status }) => status,
    )
  }
  const stoppedCode = async () => {
    const [row] = await sql`select stop_error ->> 'code' as code from channels where id = ${channelId}`
    return row?.code ?? null
  }

  test(
    'each thing that is wrong is named by its field, and nothing is kept',
    async () => {
      expect(await refusal({ accessToken: 'nonsense' })).toEqual([
        'INPUT_INVALID',
        'accessToken',
        'WRONG_TOKEN',
      ])
      expect(await refusal({ appSecret: 'nonsense' })).toEqual(['INPUT_INVALID', 'appSecret', 'WRONG_SECRET'])
      expect(await refusal({ phoneNumberId: '999999999' })).toEqual([
        'INPUT_INVALID',
        'phoneNumberId',
        'UNKNOWN_NUMBER',
      ])
      expect(await refusal({ businessAccountId: '999999999' })).toEqual([
        'INPUT_INVALID',
        'businessAccountId',
        'UNKNOWN_ACCOUNT',
      ])
      sales.token.scopes = ['whatsapp_business_messaging']
      expect(await refusal({})).toEqual(['INPUT_INVALID', 'accessToken', 'SCOPE_MISSING'])
      sales.token.scopes = ['whatsapp_business_messaging', 'whatsapp_business_management']
      expect(await refusal({ phoneNumberId: '../me' })).toEqual([null, undefined, undefined])
      expect(await sql`select 1 from channel_credentials`).toHaveLength(0)
    },
    WITHIN_MS,
  )

  test('a number that is connected already is not connected twice', async () => {
    const { phoneNumberId, businessAccountId, accessToken, appSecret } = stack.simulator.channel
    const error = await carla.trpc.channels.connect
      .mutate({ phoneNumberId, businessAccountId, accessToken, appSecret, name: 'Again', teamIds })
      .catch((error) => error)
    expect(error.data).toMatchObject({ details: { problem: 'ALREADY_CONNECTED' } })
    expect(error.message).toContain('as Support')
  })

  test('an agent connects nothing', async () => {
    const ana = await signIn(stack.url, 'ana@demo.baton')
    const calls = [
      ana.trpc.channels.verify.mutate(given()),
      ana.trpc.channels.connect.mutate({ ...given(), name: 'Sales', teamIds }),
    ]
    for (const call of calls) expect(await call.catch((error) => error.data.reason)).toBe('FORBIDDEN')
    await ana.close()
  })

  test(
    'deliveries with its own secret are taken once it is connected, and what came before is stored',
    async () => {
      expect(await deliver(sales.channel.appSecret)).toBe(401)
      // Signed by the app that is known already: it becomes a dead letter.
      expect(await deliver(stack.simulator.channel.appSecret)).toBe(200)
      await eventually(
        async () => (await sql`select 1 from dead_letters where reason = 'unknown_channel'`).length === 1,
      )
      const connected = await carla.trpc.channels.connect.mutate({ ...given(), name: 'Workshop', teamIds })
      channelId = connected.channel.id
      expect(connected).toMatchObject({
        isSubscribed: true,
        replayed: 1,
        channel: { name: 'Workshop', stoppedAt: null },
      })
      expect(sales.graph.subscription.isOn).toBe(true)
      expect(await deliver(sales.channel.appSecret)).toBe(200)
      expect(await deliver('another')).toBe(401)
      await eventually(async () => {
        const rows = await sql`select wamid from messages where channel_id = ${channelId} order by wamid`
        return rows.length === 2
      })
    },
    WITHIN_MS,
  )

  test(
    'the secrets are nowhere in the database, nor in any answer',
    async () => {
      const health = await carla.trpc.channels.health.query({ channelId })
      // A copy: the matcher puts its own patterns into what it compares.
      expect(structuredClone(health)).toMatchObject({
        webhook: {
          url: `${stack.env.publicUrl}/webhooks/whatsapp`,
          isSubscribed: true,
          verifyToken: expect.stringMatching(/^baton-.{24}$/),
        },
        token: {
          isOwn: true,
          hasOwnSecret: true,
          ending: 'demo',
          trouble: null,
          expiresAt: null,
          missingScopes: [],
        },
        number: { quality: 'GREEN', messagingLimit: 'TIER_2K', status: 'CONNECTED' },
        templates: { APPROVED: expect.any(Number) },
        teamIds,
      })
      expect(health.webhook.lastHeardAt).not.toBeNull()
      const list = await carla.trpc.channels.list.query()
      const rows = await sql`select * from channel_credentials`
      const events = await sql`select payload from events`
      const audit = await sql`select details from audit_entries`
      const all = JSON.stringify([health, list, rows, events, audit])
      for (const secret of [sales.channel.accessToken, sales.channel.appSecret])
        expect([secret, all.includes(secret)]).toEqual([secret, false])
      const shake = await fetch(
        `${health.webhook.url}?hub.mode=subscribe&hub.challenge=0042&hub.verify_token=${health.webhook.verifyToken}`,
      )
      expect([shake.status, await shake.text()]).toEqual([200, '0042'])
    },
    WITHIN_MS,
  )

  test(
    'a test message goes out with the number’s own token',
    async () => {
      const { templates } = await carla.trpc.templates.list.query({ channelId })
      const plain = templates.find(
        ({ unusable, header, buttons }) => !unusable && !header && buttons.length === 0,
      )
      const body = Object.fromEntries((plain?.body.variables ?? []).map(({ name }) => [name, 'a test']))
      const { message } = await carla.trpc.conversations.start.mutate({
        channelId,
        phone: `+${CUSTOMER}`,
        clientMessageId: crypto.randomUUID(),
        content: { kind: 'template', templateId: plain?.id ?? '', body },
      })
      await eventually(async () => {
        const [row] = await sql`select status from messages where id = ${message.id}`
        return row?.status === 'read'
      })
      expect(sales.phones.log(CUSTOMER).map(({ type }) => type)).toEqual(['template'])
      expect(stack.simulator.phones.log(CUSTOMER)).toEqual([])
    },
    WITHIN_MS,
  )

  test(
    'an expired token stops this number alone, and another one resumes it at once',
    async () => {
      sales.token.expire()
      const conversation = await sql`select id from conversations where channel_id = ${channelId} limit 1`
      const { message } = await carla.trpc.messages.send.mutate({
        conversationId: conversation[0]?.id,
        clientMessageId: crypto.randomUUID(),
        body: 'Waits for the token',
      })
      await eventually(async () => (await stoppedCode()) === '190')
      expect(await sql`select name from channels where stopped_at is not null`).toHaveLength(1)
      const stale = await carla.trpc.channels.replaceToken
        .mutate({ channelId, accessToken: sales.channel.accessToken })
        .catch((error) => error.data.details.problem)
      expect(stale).toBe('WRONG_TOKEN')
      sales.token.replace('a-fresh-token-of-the-workshop')
      await carla.trpc.channels.replaceToken.mutate({
        channelId,
        accessToken: 'a-fresh-token-of-the-workshop',
      })
      await eventually(async () => {
        const [row] = await sql`select status from messages where id = ${message.id}`
        return row?.status === 'read'
      })
      expect(await stoppedCode()).toBeNull()
    },
    WITHIN_MS,
  )

  test(
    'a removed number keeps its conversations, sends nothing, and comes back with them',
    async () => {
      await carla.trpc.channels.remove.mutate({ channelId, name: 'Workshop' })
      expect(await sql`select 1 from channel_credentials where channel_id = ${channelId}`).toHaveLength(0)
      expect(await deliver(sales.channel.appSecret)).toBe(401)
      const [conversation] = await sql`select id from conversations where channel_id = ${channelId} limit 1`
      const sending = (id: string) =>
        carla.trpc.messages.send.mutate({
          conversationId: id,
          clientMessageId: crypto.randomUUID(),
          body: 'Too late',
        })
      expect(await sending(conversation?.id).catch((error) => error.data.reason)).toBe('CHANNEL_STOPPED')
      const resumed = await carla.trpc.channels.resume.mutate({ channelId })
      expect(resumed.channel.stoppedAt).not.toBeNull()
      const again = await carla.trpc.channels.connect.mutate({ ...given(), name: 'Workshop', teamIds })
      expect(again.channel).toMatchObject({ id: channelId, stoppedAt: null, archivedAt: null })
      expect((await sending(conversation?.id)).message.body).toBe('Too late')
    },
    WITHIN_MS,
  )

  test(
    'the command that rotates the key encrypts everything anew, and says what it cannot decrypt',
    async () => {
      const rotate = async (keys: string) => {
        const child = Bun.spawn([process.execPath, 'scripts/rotateSecrets.ts'], {
          cwd: join(import.meta.dir, '../..'),
          env: {
            ...process.env,
            DATABASE_URL: stack.databaseUrl,
            REDIS_URL: stack.redisUrl,
            BATON_SECRETS_KEY: keys,
          },
          stdout: 'pipe',
          stderr: 'pipe',
        })
        const [out, err] = await Promise.all([
          new Response(child.stdout).text(),
          new Response(child.stderr).text(),
        ])
        return { code: await child.exited, said: out + err }
      }
      const [newKey, oldKey] = ['ab'.repeat(32), stack.env.secretsKeys[0]?.toString('hex') ?? '']
      const blind = await rotate(newKey)
      expect([blind.code, blind.said.includes('of channel "Workshop"')]).toEqual([1, true])
      const rotated = await rotate(`${newKey},${oldKey}`)
      expect([rotated.code, rotated.said]).toEqual([0, expect.stringContaining('3 secrets are encrypted')])
      const again = await rotate(newKey)
      expect([again.code, again.said]).toEqual([0, expect.stringContaining('3 already were')])
    },
    WITHIN_MS,
  )

  test('each of these acts stands in the audit log, with who did it', async () => {
    const rows =
      await sql`select distinct e.action, a.name from audit_entries e join agents a on a.id = e.actor_id
      where e.channel_id = ${channelId} order by e.action`
    expect(rows.map(({ action, name }) => [action, name])).toEqual([
      ['channel.connected', 'Carla'],
      ['channel.credentials_replaced', 'Carla'],
      ['channel.removed', 'Carla'],
    ])
  })
})
