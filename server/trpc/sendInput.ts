import { z } from 'zod'
import type { OutgoingContent } from '../whatsapp/outgoingContent.ts'
import { outgoingContent, storable } from './outgoingContent.ts'

/** What the reply lock and the send guard ask of whoever changes something: the fence of the tab's lock, and what it has seen. */
export const guardInput = {
  lock: z.number().int().nullish(),
  seenSeq: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullish(),
}

/** The input of `messages.send`. `body` is short for a text; of the two, one is there. */
export const sendInput = z
  .object({
    conversationId: z.uuid(),
    clientMessageId: z.uuid(),
    body: z.string().max(20_000).overwrite(storable).optional(),
    content: outgoingContent.optional(),
    quotedMessageId: z.uuid().optional(),
    ...guardInput,
  })
  .refine(({ body, content }) => (body === undefined) !== (content === undefined), {
    message: 'Give either `body` or `content`.',
  })
  .transform(({ body, content, ...rest }) => ({
    ...rest,
    content: content ?? ({ kind: 'text', text: body ?? '' } satisfies OutgoingContent),
  }))
