import type { Json, MessageError } from './content.ts'
import { isObject, listOf, numberOf, objectOf, textOf } from './json.ts'

/** Of an error that is not Meta's, or that came without a code. 0 will not do: to Meta it is a token that has expired. */
export const NO_CODE = -1
/** Ours: the channel's token is stored with a key that this process has not. */
export const TOKEN_UNREADABLE_CODE = -2
/** Ours: the channel was removed. */
export const REMOVED_CODE = -3

/** The first error of Meta's `errors`; older payloads have `details` at the top level. */
export function firstError(errors: Json | undefined): MessageError | null {
  const [first] = listOf(errors)
  return isObject(first) ? messageError(first) : null
}

/** One error object of Meta, from a webhook or from an answer of the Graph API. */
export function messageError(error: { [key: string]: Json }): MessageError {
  return {
    code: numberOf(error.code) ?? NO_CODE,
    title: textOf(error.title) ?? textOf(error.message) ?? 'Unknown error',
    details: textOf(objectOf(error.error_data).details) ?? textOf(error.details),
  }
}
