/** A number with the limit that Meta gives it: messages a second, in and out together. */
export type SendingNumber = { phoneNumberId: string; throughputPerSecond: number }

/** What was said to a list of messages; the places are those of the question. */
export type Grant = {
  /** `go`: it may be sent now, and counts already. `number`: its number can not. A time: its recipient can not before. */
  verdicts: ('go' | 'number' | Date)[]
  /** For how long the number can not; 0 when it could send more. */
  numberWaitMs: number
}

/** How a door closes that WhatsApp has shut: longer with each time that it is found shut again. */
export type Closing = { firstMs: number; factor: number; longestMs: number }

/**
 * The limits of WhatsApp, shared by all senders. They are asked before a message is claimed, so whoever has to wait stays
 * queued and spends no attempt.
 */
export type Limits = {
  /** Asks for one message to each of these conversations, in this order. */
  take(number: SendingNumber, conversationIds: readonly string[]): Promise<Grant>
  /** Takes back what was granted and not used. */
  giveBack(number: SendingNumber, conversationIds: readonly string[]): Promise<void>
  /** Lets numbers wait because WhatsApp said so; the time until when. */
  close(phoneNumberIds: readonly string[], closing: Closing): Promise<Date>
}
