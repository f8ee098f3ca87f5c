/** The stream that webhooks are appended to, and the group that consumers share (contract: names that operators use). */
export const STREAM = 'whatsapp:events'
export const GROUP = 'whatsapp'
/** The body exactly as it came. */
export const BODY_FIELD = 'body'
/** The workspaces for which it was signed, separated by spaces; an entry without this field was signed for all. */
export const SIGNED_FOR_FIELD = 'for'
