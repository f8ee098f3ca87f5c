import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import type { Agent } from '../inbox/agent.ts'
import { archiveChannel } from '../inbox/archiveChannel.ts'
import { auditChannel } from '../inbox/auditChannel.ts'
import { type ChannelFacts, channelFacts } from '../inbox/channelFacts.ts'
import { connectChannel } from '../inbox/connectChannel.ts'
import { reachOf } from '../inbox/policy.ts'
import { Refusal } from '../inbox/refusal.ts'
import { replaceCredentials } from '../inbox/replaceCredentials.ts'
import { setChannelTeams } from '../inbox/setChannelTeams.ts'
import { LONGEST_CHANNEL_NAME } from '../inbox/updateChannel.ts'
import { syncTemplates } from '../jobs/syncTemplates.ts'
import { checkNumber, type NumberToConnect, type NumberTrouble, troubleOf } from '../whatsapp/checkNumber.ts'
import { channelHealth } from './channelHealth.ts'
import type { Services } from './context.ts'
import { memberProcedure } from './init.ts'
import { storable } from './outgoingContent.ts'
import { replayUnknown } from './replayUnknown.ts'
import { sealCredentials } from './sealCredentials.ts'

const channelId = z.uuid()
/** Ids of Meta are digits, so that none of them can lead an address elsewhere. */
const graphId = z
  .string()
  .trim()
  .regex(/^\d{5,25}$/, 'must be digits only')
const LONGEST_SECRET = 1000
const secret = z.string().trim().min(1).max(LONGEST_SECRET).regex(/^\S+$/, 'must have no spaces')
const number = z.object({
  phoneNumberId: graphId,
  businessAccountId: graphId,
  accessToken: secret,
  /** Left out: that of the environment, when all numbers belong to one app. */
  appSecret: secret.nullish(),
})
const teamIds = z.array(z.uuid()).max(100)

/** How a number comes, is kept, and goes: part of the router of channels. Only administrators; secrets go in and never come out. */
export const channelConnectionProcedures = {
  /** Asks WhatsApp whether a number, its account, an access token and an app secret belong together. Keeps nothing. */
  verify: memberProcedure
    .input(number)
    .mutation(({ ctx: { services }, input }) =>
      checked(services, { ...input, appSecret: input.appSecret ?? null }),
    ),

  /**
   * Connects a number that WhatsApp has confirmed; one that was removed comes back with its conversations. Its account is
   * subscribed to, its templates are fetched, and what came for it before is stored.
   */
  connect: memberProcedure
    .input(
      number.extend({
        name: z.string().overwrite(storable).trim().min(1).max(LONGEST_CHANNEL_NAME),
        teamIds,
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const { name, teamIds, accessToken, businessAccountId } = input
      const given = { ...input, appSecret: input.appSecret ?? null }
      const facts = await checked(services, given)
      const { displayPhoneNumber, throughputPerSecond } = facts.number
      const ids = { phoneNumberId: input.phoneNumberId, businessAccountId }
      const wanted = { name, teamIds, ...ids, displayPhoneNumber, throughputPerSecond }
      const secrets = { accessToken, appSecret: given.appSecret, verifyToken: newVerifyToken() }
      const seal = (id: string) => sealCredentials(services.keys, id, secrets)
      const channel = await repeatable(services.sql, (tx) => connectChannel(tx, { agent, wanted, seal }))
      await announce(services, agent)
      const subscribed = await services.accounts.subscribe(businessAccountId, { accessToken })
      const account = { workspaceId: agent.workspaceId, businessAccountId }
      await syncTemplates({ ...services, source: services.templates }, account).catch((err) =>
        services.log.warn({ err, channelId: channel.id }, 'the templates can not be fetched'),
      )
      return {
        channel,
        isSubscribed: 'fact' in subscribed,
        replayed: await replayUnknown(services, agent),
      }
    }),

  /** Another access token, and another app secret if one is given. A channel that stopped for its token goes on at once. */
  replaceToken: memberProcedure
    .input(z.object({ channelId, accessToken: secret, appSecret: secret.nullish() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const { channelId, accessToken, appSecret = null } = input
      const { phoneNumberId, businessAccountId } = await factsOf(services, agent, channelId)
      await checked(services, { phoneNumberId, businessAccountId, accessToken, appSecret })
      const sealed = sealCredentials(services.keys, channelId, { accessToken, appSecret })
      const channel = await repeatable(services.sql, (tx) =>
        replaceCredentials(tx, { agent, channelId, sealed }),
      )
      await announce(services, agent)
      return { channel }
    }),

  /** Attaches the number's account to the app, without which WhatsApp delivers nothing. */
  subscribe: memberProcedure
    .input(z.object({ channelId }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const { businessAccountId } = await factsOf(services, agent, input.channelId)
      const accessToken = await services.secrets.tokenOf({ businessAccountId })
      const answer = await services.accounts.subscribe(businessAccountId, { accessToken })
      if (!('fact' in answer)) throw refusalOf(troubleOf(answer, 'businessAccountId').trouble)
      await services.sql.begin((tx) => auditChannel(tx, agent, input.channelId, 'channel.subscribed'))
      return { isSubscribed: true }
    }),

  /** How the number is: webhook, token, quality, limits, templates, and what waits. Asks WhatsApp too. */
  health: memberProcedure
    .input(z.object({ channelId }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const facts = await factsOf(services, agent, input.channelId)
      return channelHealth(services, input.channelId, facts)
    }),

  /** Which teams answer the channel. */
  setTeams: memberProcedure
    .input(z.object({ channelId, teamIds }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await factsOf(services, agent, input.channelId)
      return { teamIds: await repeatable(services.sql, (tx) => setChannelTeams(tx, { agent, ...input })) }
    }),

  /** Removes the number: its secrets are deleted and nothing is sent on it any more. Its conversations stay. */
  remove: memberProcedure
    .input(z.object({ channelId, name: z.string() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await factsOf(services, agent, input.channelId)
      const channel = await repeatable(services.sql, (tx) =>
        archiveChannel(tx, { agent, ...input, now: services.now() }),
      )
      await announce(services, agent)
      return { channel }
    }),
}

async function checked({ accounts }: Services, given: NumberToConnect) {
  const found = await checkNumber(accounts, given)
  if ('trouble' in found) throw refusalOf(found.trouble)
  return found
}

function refusalOf({ message, ...details }: NumberTrouble): Refusal {
  return new Refusal(details.field === null ? 'UNAVAILABLE' : 'INPUT_INVALID', message, details)
}

async function factsOf(services: Services, agent: Agent, channelId: string): Promise<ChannelFacts> {
  const { channelIds } = await reachOf(services.sql, agent, 'channels.manage')
  const facts = channelIds.includes(channelId) ? await channelFacts(services.sql, channelId) : null
  if (facts === null) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  return facts
}

/** In this order: whoever wakes to send finds the new token. */
async function announce({ secrets, bell }: Services, { workspaceId }: Agent): Promise<void> {
  bell.ring('secrets')
  bell.ring('events', workspaceId)
  bell.ring('outbox')
  await secrets.refresh()
}

const VERIFY_TOKEN_BYTES = 18
const newVerifyToken = () =>
  `baton-${Buffer.from(crypto.getRandomValues(new Uint8Array(VERIFY_TOKEN_BYTES))).toString('base64url')}`
