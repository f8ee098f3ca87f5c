/**
 * Names in Redis of what is soft. The workspace stands in braces, so that on a cluster everything that one script touches
 * lies on one node.
 */
export const lockPrefix = (workspaceId: string) => `baton:lock:{${workspaceId}}:`
/** The conversations that have a lock; some may have run out. */
export const lockIndex = (workspaceId: string) => `baton:locks:{${workspaceId}}`
/** The channel of pub/sub on which everything soft of a workspace is announced. */
export const liveChannel = (workspaceId: string) => `baton:live:{${workspaceId}}`
/** What each open tab shows, and when it ends unless it says something again. */
export const tabsKey = (workspaceId: string) => `baton:tabs:{${workspaceId}}`
export const tabEndsKey = (workspaceId: string) => `baton:tabs:ends:{${workspaceId}}`
/** How far the event log was read, by whichever process said so last. */
export const logMarkKey = (workspaceId: string) => `baton:feed:${workspaceId}`
