import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { accountOfChannel } from '../inbox/keepTemplates.ts'
import { channelsInReach } from '../inbox/policy.ts'
import { templatesOfChannel } from '../inbox/readTemplates.ts'
import { Refusal } from '../inbox/refusal.ts'
import { syncTemplates } from '../jobs/syncTemplates.ts'
import { TemplatesRefused } from '../whatsapp/graphTemplates.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

/** A channel that the agent may see, or NOT_FOUND. */
const channelProcedure = memberProcedure
  .input(z.object({ channelId: z.uuid() }))
  .use(async ({ next, ctx, input }) => {
    const channelIds = await channelsInReach(ctx.services.sql, ctx.agent)
    if (!channelIds.includes(input.channelId)) throw new Refusal('NOT_FOUND', 'There is no such channel.')
    return next()
  })

export const templatesRouter = router({
  /** The message templates of the channel's account; those that can be sent come first. */
  list: channelProcedure
    .input(z.object({ search: z.string().max(200).overwrite(storable).default('') }))
    .query(({ ctx, input }) => templatesOfChannel(ctx.services.sql, input.channelId, input.search)),

  /** Fetches them from WhatsApp now (administrators). It also happens by itself: daily, and after news about one. */
  sync: channelProcedure.mutation(async ({ ctx: { services }, input }) => {
    const account = await accountOfChannel(services.sql, input.channelId)
    if (account === null) throw new Refusal('NOT_FOUND', 'There is no such channel.')
    try {
      return { templates: await syncTemplates({ ...services, source: services.templates }, account) }
    } catch (error) {
      services.log.warn({ err: error, ...account }, 'the templates can not be fetched')
      const reason = error instanceof TemplatesRefused ? `WhatsApp says: ${error.error.title}.` : ''
      const message = `The templates could not be fetched from WhatsApp. ${reason} Try again, or look at the access token.`
      throw new TRPCError({ code: 'BAD_GATEWAY', message, cause: error })
    }
  }),
})
