import { newTraceId } from '../identity.ts'
import { errorsByCode } from './errorCodes.ts'

/** A request that the Graph API refuses; becomes Meta's error body. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly details?: string,
    readonly subcode?: number,
    /** Replaces the table's sentence, for errors that Meta words by the case. */
    readonly sentence?: string,
  ) {
    super(`${code} ${details ?? ''}`)
  }

  toResponse(): Response {
    const known = errorsByCode[this.code] ?? { http: 400, title: 'Unknown error', details: 'Unknown error.' }
    const sentence = this.sentence ?? known.title
    return Response.json(
      {
        error: {
          // Codes 33 and 190 carry no "(#code)" in front: Meta words those two as whole sentences.
          message: this.subcode === 33 || this.code === 190 ? sentence : `(#${this.code}) ${sentence}`,
          type: this.subcode === 33 ? 'GraphMethodException' : 'OAuthException',
          code: this.code,
          ...(this.subcode === undefined ? {} : { error_subcode: this.subcode }),
          ...(this.subcode === 33 || this.code === 190
            ? {}
            : { error_data: { messaging_product: 'whatsapp', details: this.details ?? known.details } }),
          fbtrace_id: newTraceId(),
        },
      },
      { status: known.http },
    )
  }
}

/** Nothing with this id that the token may see: Meta's favourite error. */
export function unknownObject(id: string, method: string): Refusal {
  return new Refusal(
    100,
    undefined,
    33,
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
      'missing permissions, or does not support this operation. Please read the Graph API documentation at ' +
      'https://developers.facebook.com/docs/graph-api',
  )
}
