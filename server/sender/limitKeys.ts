/**
 * Where the limits of a number are kept. The braces put the keys of one number on one node of a cluster. Conversations stand
 * for their customers: one contact has one conversation on a channel, and no phone number gets into a key.
 */
export const limitKeys = {
  /** When the number's bucket will be empty again, in milliseconds. */
  number: (phoneNumberId: string) => `baton:limit:{${phoneNumberId}}:number`,
  /** Until when the number waits, and how often in a row it had to. */
  closed: (phoneNumberId: string) => `baton:limit:{${phoneNumberId}}:closed`,
  /** How many messages came in during the last second. */
  inbound: (phoneNumberId: string) => `baton:limit:{${phoneNumberId}}:inbound`,
  /** When the bucket of this pair will be empty again. */
  pair: (phoneNumberId: string, conversationId: string) =>
    `baton:limit:{${phoneNumberId}}:pair:${conversationId}`,
}
