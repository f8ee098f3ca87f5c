import { newTraceId } from '../identity.ts'
import { errorOf } from './errorCodes.ts'

interface Wording {
  details?: string | undefined
  subcode?: number
  /** Replaces the table's title, for errors that Meta words by the case. */
  sentence?: string | undefined
}

/** A request that the Graph API refuses; becomes Meta's error body. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    private readonly wording: Wording = {},
  ) {
    super(`${code} ${wording.details ?? ''}`)
  }

  toResponse(): Response {
    const { subcode, sentence, details } = this.wording
    const known = errorOf(this.code) ?? { http: 400, title: 'Unknown error', details: 'Unknown error.' }
    // Meta words unknown objects and bad tokens as whole sentences, without "(#code)" and details.
    const isBare = subcode === 33 || this.code === 190
    const words = sentence ?? known.title
    return Response.json(
      {
        error: {
          message: isBare ? words : `(#${this.code}) ${words}`,
          type: subcode === 33 ? 'GraphMethodException' : 'OAuthException',
          code: this.code,
          ...(subcode === undefined ? {} : { error_subcode: subcode }),
          ...(isBare
            ? {}
            : { error_data: { messaging_product: 'whatsapp', details: details ?? known.details } }),
          fbtrace_id: newTraceId(),
        },
      },
      { status: known.http },
    )
  }
}

/** Code 100 in the words of the case: how Meta names a parameter that it does not take. */
export function invalid(sentence: string): Refusal {
  return new Refusal(100, { details: sentence, sentence })
}

/** Nothing with this id that the token may see: Meta's favourite error. */
export function unknownObject(id: string, method: string): Refusal {
  return new Refusal(100, {
    subcode: 33,
    sentence:
      `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
      'missing permissions, or does not support this operation. Please read the Graph API documentation at ' +
      'https://developers.facebook.com/docs/graph-api',
  })
}
