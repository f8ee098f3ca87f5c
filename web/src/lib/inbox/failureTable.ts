import type { GraphCode } from '../../../../server/whatsapp/graphError.ts'

/** Whose turn it is after a failure. `nobody`: it passes by itself, or nothing helps. */
export type Turn = 'agent' | 'administrator' | 'nobody'

/**
 * What the bubble offers at hand.
 *
 *     retry          send it once more         edit           put it back into the composer, and send it changed
 *     retry_at       it goes by itself, at a time that the message names
 *     send_template  free text can not go      fix_number     the contact's number is wrong
 *     open_settings  the channel has to be put right by an administrator
 *     none           nothing would help
 */
export type FailureAction =
  | 'retry'
  | 'retry_at'
  | 'edit'
  | 'send_template'
  | 'fix_number'
  | 'open_settings'
  | 'none'

export type Failure = {
  /** What happened, in a sentence. */
  happened: string
  turn: Turn
  /** What to do about it, in a sentence; '' when there is nothing. */
  advice: string
  action: FailureAction
}

const row = (happened: string, turn: Turn, advice: string, action: FailureAction): Failure => ({
  happened,
  turn,
  advice,
  action,
})
const passing = (happened: string) => row(happened, 'nobody', 'Baton tries again by itself.', 'retry_at')
const tryAgain = (happened: string) => row(happened, 'agent', 'Try again.', 'retry')
const edit = (happened: string, advice = 'Change it and send it again.') =>
  row(happened, 'agent', advice, 'edit')
const settings = (happened: string, advice = 'An administrator has to look at it.') =>
  row(happened, 'administrator', advice, 'open_settings')
const template = (happened: string) =>
  row(
    happened,
    'administrator',
    'Choose another template, or have an administrator mend this one.',
    'send_template',
  )
const final = (happened: string, advice = '') => row(happened, advice ? 'agent' : 'nobody', advice, 'none')

/** Every code of the server's table (`server/whatsapp/graphError.ts`); one that is missing here does not compile. */
export const FAILURES: Record<GraphCode, Failure> = {
  0: settings(
    'The channel’s access to WhatsApp is not valid any more.',
    'An administrator has to connect it again.',
  ),
  1: tryAgain('WhatsApp could not send it and does not say why.'),
  2: passing('WhatsApp was away for a moment.'),
  3: settings('This channel is not allowed to send such messages.'),
  4: passing('Baton asks WhatsApp for more than it allows right now.'),
  10: settings('This channel lacks a permission that WhatsApp asks for.'),
  33: settings('WhatsApp does not know this channel’s number any more.'),
  100: edit('WhatsApp did not accept a part of the message.'),
  190: settings('The channel’s access to WhatsApp has expired.', 'An administrator has to connect it again.'),
  200: settings('This channel lacks a permission that WhatsApp asks for.'),
  368: settings('WhatsApp has blocked this channel for a while because of its policies.'),
  80007: passing('This account asks WhatsApp for more than it allows right now.'),
  130429: passing('WhatsApp is taking no more messages from this number right now.'),
  130472: final(
    'WhatsApp held this message back, because this customer is part of an experiment of theirs.',
    'Call, or write another way.',
  ),
  130497: final('This channel may not write to customers in this country.'),
  131000: tryAgain('WhatsApp could not send it and does not say why.'),
  131005: settings('WhatsApp denied this channel access.'),
  131008: edit('WhatsApp says that a part of the message is missing.'),
  131009: edit('WhatsApp did not accept a part of the message.'),
  131016: passing('WhatsApp was away for a moment.'),
  131021: row('This is the channel’s own number.', 'agent', 'Check the number.', 'fix_number'),
  131026: row(
    'The number cannot be reached on WhatsApp.',
    'agent',
    'Check the number, or call.',
    'fix_number',
  ),
  131030: settings(
    'This test channel may only write to numbers on its list.',
    'An administrator can add the number to the list at Meta.',
  ),
  131031: settings('WhatsApp has locked this channel’s account.'),
  131037: settings('WhatsApp has not yet approved this channel’s name.'),
  131042: settings('WhatsApp could not charge this account.', 'An administrator has to check the payment.'),
  131045: settings('This number is not properly registered with WhatsApp.'),
  131047: row(
    'More than 24 hours have passed since the customer last wrote.',
    'agent',
    'Send a template.',
    'send_template',
  ),
  131048: passing('WhatsApp is slowing this channel down because customers reported messages.'),
  131049: final(
    'WhatsApp held it back, so that this customer does not get too much advertising.',
    'Wait a day, or write when the customer has written.',
  ),
  131050: final('The customer does not want advertising from you.'),
  131051: edit('WhatsApp cannot send a message of this kind.', 'Send it another way.'),
  131052: final('WhatsApp could not load the file.', 'Ask the customer to send it again.'),
  131053: edit('WhatsApp could not take the file.', 'Try another file, or another format.'),
  131055: settings('WhatsApp does not let this channel send such messages.'),
  131056: passing('These were too many messages to this customer in a short time.'),
  131057: passing('WhatsApp was updating this channel.'),
  131060: final('WhatsApp cannot show this message now.', 'Ask the customer to send it again.'),
  131062: row(
    'Such a message needs the customer’s phone number.',
    'agent',
    'Ask the customer for the number.',
    'fix_number',
  ),
  131063: settings('Advertising templates are switched off for this account.'),
  131064: settings('WhatsApp limits this account’s templates, because some had the wrong category.'),
  132000: template('The template got another number of values than it has places.'),
  132001: template('WhatsApp does not know this template in this language, or has not approved it.'),
  132005: edit('With the values filled in, the template is too long.', 'Use shorter values.'),
  132007: template('The template’s words break a rule of WhatsApp.'),
  132008: edit('WhatsApp did not accept a value of the template.'),
  132012: edit('A value of the template has the wrong form.'),
  132015: template('WhatsApp has paused this template because customers did not like it.'),
  132016: template('WhatsApp has switched this template off for good.'),
  132068: settings('The form in this message is blocked.'),
  132069: tryAgain('The form in this message is sent too often right now.'),
  133000: settings('This number’s last deregistration was not completed.'),
  133004: passing('WhatsApp was away for a moment.'),
  133005: settings('The PIN of this number is wrong.'),
  133006: settings('WhatsApp wants this number to be verified again.'),
  133008: settings('The PIN of this number was guessed too often.', 'An administrator can try again later.'),
  133009: settings('The PIN of this number was entered too fast.', 'An administrator can try again later.'),
  133010: settings('This number is not registered with WhatsApp.'),
  133015: settings(
    'This number was deleted a moment ago.',
    'An administrator can register it in five minutes.',
  ),
  133016: settings('This number was registered too often.', 'An administrator can try again in three days.'),
  134011: settings('WhatsApp’s terms for payments are not accepted yet.'),
  134100: settings('This message can only be sent as advertising.'),
  134101: settings(
    'This template is not ready for advertising yet.',
    'An administrator can try again later.',
  ),
  134102: settings('This template cannot be sent as advertising.'),
  135000: edit('WhatsApp did not accept a part of the message.'),
  137000: final(
    'The customer’s phone or number has changed since you last wrote.',
    'Make sure that it is still the same person.',
  ),
  139000: settings('The form in this message is blocked.'),
  139001: settings('The form in this message cannot be changed.'),
  139002: settings('The form in this message is not ready.'),
  139003: settings('The form in this message cannot be switched off.'),
  139004: settings('The form in this message was not found.'),
}
