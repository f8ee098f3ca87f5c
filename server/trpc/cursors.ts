import { z } from 'zod'

const UUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
const MOMENT = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z'

/** Where a page of messages begins: the position and the id of the last one before it. */
export const positionCursor = z.string().regex(new RegExp(`^\\d{34} ${UUID}$`))

/** Where a page of what has a moment begins. One that is none, such as the 99th of a month, is no place either. */
export const momentCursor = z
  .string()
  .regex(new RegExp(`^${MOMENT} ${UUID}$`))
  .refine((text) => !Number.isNaN(Date.parse(text.split(' ')[0] ?? '')), 'That is no place in the list.')
