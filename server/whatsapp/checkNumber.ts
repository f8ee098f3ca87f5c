import type { Answer, GraphAccount, GraphRefusal, NumberFacts, TokenFacts } from './graphAccount.ts'

/** What somebody pastes to connect a number. */
export type NumberToConnect = {
  phoneNumberId: string
  businessAccountId: string
  accessToken: string
  /** Null: the app's secret is that of the environment, and is not checked. */
  appSecret: string | null
}

export type NumberField = keyof NumberToConnect

/** What stands in the way, for whoever pasted it. `field` null: it is nobody's fault here. */
export type NumberTrouble = { field: NumberField | null; problem: string; message: string }

export type CheckedNumber =
  | { number: NumberFacts; token: TokenFacts | null; isSubscribed: boolean | null }
  | { trouble: NumberTrouble }

/** Without the first nothing can be sent, without the second no templates be read (shared facts §1.4). */
export const NEEDED_SCOPES = ['whatsapp_business_messaging', 'whatsapp_business_management']

const trouble = (field: NumberField | null, problem: string, message: string) => ({
  trouble: { field, problem, message },
})

/** Asks WhatsApp whether these belong together and open what they have to. Nothing is changed there, and nothing is kept. */
export async function checkNumber(graph: GraphAccount, given: NumberToConnect): Promise<CheckedNumber> {
  const { phoneNumberId, businessAccountId, accessToken } = given
  const key = { accessToken, appSecret: given.appSecret ?? undefined }
  const number = await graph.number(phoneNumberId, key)
  if (!('fact' in number)) return troubleOf(number, 'phoneNumberId')
  const numbers = await graph.numbersOf(businessAccountId, key)
  if (!('fact' in numbers)) return troubleOf(numbers, 'businessAccountId')
  if (!numbers.fact.includes(phoneNumberId)) {
    const message = 'This number belongs to another WhatsApp Business account. Check the account id.'
    return trouble('businessAccountId', 'OTHER_ACCOUNT', message)
  }
  // Some tokens may not ask about themselves; that is no reason not to work with them.
  const token = await graph.token(key)
  const facts = 'fact' in token ? token.fact : null
  const missing = facts && NEEDED_SCOPES.find((scope) => !facts.scopes.includes(scope))
  if (missing) {
    const message = `The access token lacks the permission ${missing}. Make a new one for the system user, with both WhatsApp permissions.`
    return trouble('accessToken', 'SCOPE_MISSING', message)
  }
  const subscribed = await graph.isSubscribed(businessAccountId, key)
  return {
    number: number.fact,
    token: facts,
    isSubscribed: 'fact' in subscribed ? subscribed.fact : null,
  }
}

const UNREACHED = 'WhatsApp cannot be reached at the moment. Try again in a minute.'

/** A refusal of the Graph API in plain words. */
export function troubleOf(
  answer: Exclude<Answer<unknown>, { fact: unknown }>,
  about: 'phoneNumberId' | 'businessAccountId',
): { trouble: NumberTrouble } {
  if ('unreached' in answer) return trouble(null, 'UNREACHED', UNREACHED)
  const { code, title } = answer.refused
  if (isWrongProof(answer.refused)) {
    return trouble(
      'appSecret',
      'WRONG_SECRET',
      'This is not the secret of the app that the access token belongs to. Copy it from the app’s basic settings.',
    )
  }
  if (code === 190 || code === 0)
    return trouble(
      'accessToken',
      'WRONG_TOKEN',
      'WhatsApp does not accept this access token: it is wrong or has expired.',
    )
  if (code === 100 || code === 33) {
    return about === 'phoneNumberId'
      ? trouble(
          about,
          'UNKNOWN_NUMBER',
          'With this access token WhatsApp knows no number with this id. Check the id, and that the system user may use the account.',
        )
      : trouble(
          about,
          'UNKNOWN_ACCOUNT',
          'With this access token WhatsApp knows no account with this id. Check the id, and that the system user may use it.',
        )
  }
  if (code === 3 || code === 10 || (code >= 200 && code <= 299))
    return trouble('accessToken', 'NOT_ALLOWED', `The access token lacks a permission: ${title}`)
  return trouble(null, 'REFUSED', `WhatsApp says: ${title} (${code})`)
}

const isWrongProof = ({ code, title }: GraphRefusal) => code === 100 && /appsecret_proof/i.test(title)
