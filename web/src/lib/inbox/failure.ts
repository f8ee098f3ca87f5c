import type { MessageError } from '../../../../server/whatsapp/content.ts'

/** What a failed message means for the person who sent it, and what helps. By Meta's error code. */
const WORDS: Record<number, string> = {
  190: 'The channel’s access to WhatsApp has expired. An administrator has to connect it again.',
  368: 'WhatsApp has blocked this channel for a while because of its policies.',
  130429: 'WhatsApp is taking no more messages from this number right now. Try again in a few minutes.',
  130472: 'WhatsApp held this message back from this customer. Call or write another way.',
  130497: 'This channel may not write to customers in this country.',
  131000: 'WhatsApp could not send it and does not say why. Try again.',
  131008: 'WhatsApp says that a part of the message is missing.',
  131009: 'WhatsApp did not accept a part of the message.',
  131016: 'WhatsApp was away for a moment. Try again.',
  131021: 'This is the channel’s own number.',
  131026: 'The number cannot be reached on WhatsApp. Check the number, or call.',
  131030: 'This test channel may only write to numbers on its list.',
  131031: 'WhatsApp has locked this channel’s account. An administrator has to look at it.',
  131037: 'WhatsApp has not yet approved this channel’s name.',
  131042: 'WhatsApp could not charge this account. An administrator has to check the payment.',
  131047: 'More than 24 hours have passed since the customer last wrote.',
  131048: 'WhatsApp is slowing this channel down because customers reported messages. Try again later.',
  131049: 'WhatsApp held it back, so that this customer is not sent too much.',
  131050: 'The customer does not want such messages from you.',
  131051: 'WhatsApp cannot send a message of this kind.',
  131053: 'WhatsApp could not take the file.',
  131056: 'Too many messages to this customer in a short time. Try again in a minute.',
  131057: 'WhatsApp was updating this channel. Try again.',
  133010: 'This number is not registered with WhatsApp. An administrator has to look at it.',
}

/** One plain sentence, with the code in brackets at its end for support. */
export function failureInWords(error: MessageError | null): string {
  if (!error) return 'WhatsApp could not deliver this message.'
  const words = WORDS[error.code] ?? sentence(error.details ?? error.title)
  return `${words} (${error.code})`
}

function sentence(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') return 'WhatsApp could not deliver this message.'
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
