/** The stream that webhooks are appended to, and the group that consumers share (contract: names that operators use). */
export const STREAM = 'whatsapp:events'
export const GROUP = 'whatsapp'
/** The one field of an entry: the body exactly as it came. */
export const BODY_FIELD = 'body'
