import type { AcceptedSend, JsonObject, StatusName } from './entry.ts'

/** One message of a thread, whoever wrote it. */
export interface ThreadMessage {
  wamid: string
  number: string
  author: 'customer' | 'business'
  at: number
  type: string
  content: JsonObject
  contextId?: string
  callbackData?: string
  failure?: AcceptedSend['failure']
  statuses: { status: StatusName; at: number; errorCode?: number }[]
  /** A customer's message: whether the webhook took it, and whether the business has read it. */
  arrived: boolean
  readByBusiness: boolean
  reactions: { customer?: string; business?: string }
}

/** One `status: read` of the business. */
export interface ReadMark {
  at: number
  wamid: string
  typing: boolean
}
