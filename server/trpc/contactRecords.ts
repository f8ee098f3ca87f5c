import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { eraseContact } from '../inbox/eraseContact.ts'
import { contactInventory } from '../inbox/erasurePreview.ts'
import { reachOf } from '../inbox/policy.ts'
import { erasurePage } from '../inbox/readErasures.ts'
import { Refusal } from '../inbox/refusal.ts'
import { memberProcedure } from './init.ts'

const contactId = z.uuid()

/** What somebody may ask of a company that keeps their data, part of the router of contacts. Administrators only. */
export const contactRecordProcedures = {
  /** What an export of a contact would hold, in numbers. The file itself is at `/media/contacts/{contactId}`. */
  exportPreview: memberProcedure
    .input(z.object({ contactId }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'contacts.export')
      return contactInventory(services.sql, { ...input, agent, reach })
    }),

  /** What an erasure of a contact would take away, in numbers, and the name that has to be typed for it. */
  erasePreview: memberProcedure
    .input(z.object({ contactId }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'contacts.erase')
      return contactInventory(services.sql, { ...input, agent, reach })
    }),

  /**
   * Takes away everything that is kept of a contact, and answers with the receipt. `name`: as `erasePreview` tells it. It can not be
   * undone. Refused with WRONG_STATE while a message to them is on its way.
   */
  erase: memberProcedure
    .input(z.object({ contactId, name: z.string().max(200) }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const { sql, bell, log } = services
      const reach = await reachOf(sql, agent, 'contacts.erase')
      const request = { ...input, agent, reach }
      const { erasureId, signs } = await repeatable(sql, (tx) => eraseContact(tx, request, services.now()))
      bell.ring('events', agent.workspaceId)
      bell.ring('jobs')
      // It is gone from the stream with the next delivery anyway.
      await services
        .forgetDelivered(signs)
        .catch((err) => log.warn({ err }, 'the last delivery stays in the stream until the next one'))
      log.info({ erasureId }, 'a contact was erased')
      const { receipts } = await erasurePage(sql, agent.workspaceId, { id: erasureId, limit: 1 })
      const [receipt] = receipts
      if (!receipt) throw new Refusal('NOT_FOUND', 'There is no such receipt.')
      return { receipt }
    }),

  /** Receipts of erasures, newest first. Nothing in them names who was erased. */
  erasures: memberProcedure
    .input(z.object({ before: z.uuid().optional(), limit: z.number().int().min(1).max(100).default(50) }))
    .query(({ ctx: { agent, services }, input }) => erasurePage(services.sql, agent.workspaceId, input)),
}
