import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { mergeContacts } from '../inbox/mergeContacts.ts'
import { mergePreview } from '../inbox/mergePreview.ts'
import { reachOf } from '../inbox/policy.ts'
import { readContact } from '../inbox/readContact.ts'
import { setOptOut } from '../inbox/setOptOut.ts'
import { sharedLinks } from '../inbox/sharedLinks.ts'
import { sharedMedia } from '../inbox/sharedMedia.ts'
import { updateContact } from '../inbox/updateContact.ts'
import { contactRecordProcedures } from './contactRecords.ts'
import { positionCursor } from './cursors.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

const contactId = z.uuid()
const attributeName = z.string().overwrite(storable).trim().min(1).max(40)
const attribute = z.string().max(1000).overwrite(storable)

export const contactsRouter = router({
  ...contactRecordProcedures,

  /** What the team knows of a contact: the ids WhatsApp knows them by, attributes, and all their conversations within reach. */
  get: memberProcedure.input(z.object({ contactId })).query(async ({ ctx: { agent, services }, input }) => {
    const reach = await reachOf(services.sql, agent, 'conversations.read')
    return { contact: await readContact(services.sql, input.contactId, reach) }
  }),

  /** Gives a contact a name of ours (null: that of their profile again), and attributes; one that is null is removed. */
  update: memberProcedure
    .input(
      z.object({
        contactId,
        givenName: z.string().overwrite(storable).trim().min(1).max(120).nullable().optional(),
        attributes: z.record(attributeName, attribute.nullable()).optional(),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'contacts.change')
      const request = { ...input, agent, reach }
      const answer = await repeatable(services.sql, (tx) => updateContact(tx, request))
      services.bell.ring('events', agent.workspaceId)
      return answer
    }),

  /** The files that were shared with a contact, newest first; `message` is where each of them stands. */
  media: memberProcedure
    .input(
      z.object({
        contactId,
        kinds: z
          .array(z.enum(['image', 'video', 'audio', 'document', 'sticker']))
          .min(1)
          .optional(),
        cursor: positionCursor.optional(),
        limit: z.number().int().min(1).max(100).default(30),
      }),
    )
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      return sharedMedia(services.sql, { ...input, reach }, input)
    }),

  /** Messages with a link, newest first. A page may be short, or empty, and still have a next one. */
  links: memberProcedure
    .input(
      z.object({
        contactId,
        cursor: positionCursor.optional(),
        limit: z.number().int().min(1).max(100).default(30),
      }),
    )
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      return sharedLinks(services.sql, { ...input, reach }, input)
    }),

  /** What `merge` would do with these two, and whether it may be done. */
  mergePreview: memberProcedure
    .input(z.object({ intoContactId: contactId, contactId }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'contacts.change')
      return mergePreview(services.sql, { ...input, agent, reach })
    }),

  /**
   * Makes `contactId` part of `intoContactId`: identities, messages and all that hangs on them. Two conversations of one channel
   * become one; whoever asks for the one that is gone is told `details.into`. It can not be undone. Refused with FORBIDDEN when
   * either has conversations that are not yours to see.
   */
  merge: memberProcedure
    .input(z.object({ intoContactId: contactId, contactId }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'contacts.change')
      const answer = await repeatable(services.sql, (tx) => mergeContacts(tx, { ...input, agent, reach }))
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('outbox')
      return answer
    }),

  /** Keeps that a contact wants no marketing, or wants it again. Templates of that category are refused meanwhile. */
  setOptOut: memberProcedure
    .input(z.object({ contactId: z.uuid(), isOptedOut: z.boolean() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'contacts.change')
      const contact = await repeatable(services.sql, (tx) =>
        setOptOut(tx, { ...input, reach }, services.now()),
      )
      services.bell.ring('events', agent.workspaceId)
      return { contact }
    }),
})
