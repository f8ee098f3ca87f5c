import { Redis } from 'ioredis'
import type { Agent } from '../inbox/agent.ts'
import type { InboxEvent } from '../inbox/event.ts'
import { messagesById } from '../inbox/readMessages.ts'
import { createSendDesk } from '../inbox/sendDesk.ts'
import type { MessageSnapshot } from '../inbox/snapshot.ts'
import { persist } from '../ingest/persist.ts'
import { createBell } from '../live/bell.ts'
import { createLog } from '../log.ts'
import type { ChannelSecrets } from '../secrets/channelSecrets.ts'
import type { Limits } from '../sender/limits.ts'
import { createLimits } from '../sender/redisLimits.ts'
import { Sender } from '../sender/sender.ts'
import type { Graph, GraphOutcome, OutgoingMessage } from '../whatsapp/graph.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { type Delivery, statusDelivery, textDelivery } from './delivery.ts'
import { eventsOf } from './eventsOf.ts'
import { noFiles } from './noFiles.ts'
import { oneSecret } from './oneSecret.ts'
import { reachTo } from './testReach.ts'
import { testRedis } from './testRedis.ts'
import { type TestWorkspace, testWorkspace } from './testWorkspace.ts'

const log = createLog({ level: 'silent', name: 'test' })

/** A Graph API that answers as told, and what reached it. */
export type ToldGraph = Graph & { reached: OutgoingMessage[]; texts(): string[] }

export function graphThat(
  answer: (message: OutgoingMessage, count: number) => GraphOutcome | Promise<GraphOutcome>,
): ToldGraph {
  const reached: OutgoingMessage[] = []
  return {
    reached,
    texts: () => reached.map(({ content }) => (content.kind === 'text' ? content.text : '')),
    async send(message) {
      reached.push(message)
      return answer(message, reached.length)
    },
  }
}

/** A workspace, a Redis and a clock that is moved by hand: what a test of sending holds in its hands. */
export class TestOutbox {
  clock = new Date()

  private constructor(
    readonly workspace: TestWorkspace,
    readonly redis: Redis,
    private readonly subscriber: Redis,
    readonly limits: Limits,
  ) {}

  static async open(): Promise<TestOutbox> {
    const [workspace, { url }] = await Promise.all([testWorkspace(), testRedis()])
    const redis = new Redis(url)
    const outbox: TestOutbox = new TestOutbox(
      workspace,
      redis,
      new Redis(url),
      createLimits(redis, log, () => outbox.clock),
    )
    return outbox
  }

  async close(): Promise<void> {
    this.redis.disconnect()
    this.subscriber.disconnect()
    await this.workspace.drop()
  }

  get agent(): Agent {
    const { agentId: id, workspaceId } = this.workspace
    return { id, name: 'Ana', email: '', workspaceId, role: 'agent', teamIds: [] }
  }

  /** What comes from WhatsApp. */
  async receive(body: Delivery): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(body))
    const streamId = `${Date.now()}-0`
    const items = readDelivery(bytes, this.clock).map((item) => ({
      ...item,
      streamId,
      receivedAt: this.clock,
      body: bytes,
    }))
    await persist(this.workspace.sql, items, () => this.clock)
  }

  /** A status of WhatsApp about what was sent with this attempt id. */
  status(wamid: string, status: string, attemptId: string | undefined): Promise<void> {
    return this.receive(statusDelivery(wamid, status, { biz_opaque_callback_data: attemptId }))
  }

  /** A conversation in which the customer has just written. */
  async openConversation(phone = '16505551234'): Promise<string> {
    await this.receive(textDelivery(`wamid.${phone}`, 'Hi', phone, this.clock))
    const [row] = await this.workspace.sql<{ id: string }[]>`
      select c.id from conversations c join contacts on contacts.id = c.contact_id where contacts.phone = ${phone}`
    return row?.id ?? ''
  }

  send(conversationId: string, body: string, channelId = this.workspace.channelId): Promise<MessageSnapshot> {
    const reach = reachTo([channelId])
    const request = {
      agent: this.agent,
      reach,
      conversationId,
      clientMessageId: Bun.randomUUIDv7(),
      content: { kind: 'text' as const, text: body },
    }
    return createSendDesk(this.workspace.sql, () => this.clock)(request)
  }

  /** Lets a sender run meanwhile. It looks at the outbox once at least, and ends when nothing is under way. */
  async running<Result>(
    graph: Graph,
    during: () => Promise<Result>,
    token: string | Pick<ChannelSecrets, 'tokenOf' | 'digests' | 'unreadable'> = 'token',
  ): Promise<Result> {
    const leaving = new AbortController()
    const bell = createBell(this.redis, this.subscriber, log)
    const { sql } = this.workspace
    const parts = {
      sql,
      bell,
      graph,
      files: noFiles,
      limits: this.limits,
      secrets: typeof token === 'string' ? oneSecret(token) : token,
      log,
      now: () => this.clock,
    }
    const sender = new Sender(parts).run(leaving.signal)
    try {
      return await during()
    } finally {
      leaving.abort()
      await sender
      bell.close()
    }
  }

  /** Moves the clock, and lets senders look. */
  pass(ms: number): void {
    this.clock = new Date(this.clock.getTime() + ms)
    this.ring()
  }

  ring(): void {
    void this.redis.publish('baton:bell:outbox', '')
  }

  async message(messageId: string): Promise<MessageSnapshot> {
    const [message] = await messagesById(this.workspace.sql, [messageId])
    if (!message) throw new Error('There is no such message')
    return message
  }

  /** The states of the outbox, in the order of the thread. */
  async states(): Promise<string[]> {
    const rows = await this.workspace.sql<{ state: string }[]>`select state from outbox order by position`
    return rows.map((row) => row.state)
  }

  /** All events so far, in order. */
  events(): Promise<InboxEvent[]> {
    return eventsOf(this.workspace.sql)
  }
}
