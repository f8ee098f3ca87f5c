/** The secrets of a channel, by their column. */
export const CREDENTIALS = ['accessToken', 'appSecret', 'verifyToken'] as const
export type Credential = (typeof CREDENTIALS)[number]

/** What a secret is sealed for: one of another channel, or of another kind, does not open there. */
export function placeOf(channelId: string, credential: Credential): string {
  return `channel:${channelId}:${credential}`
}
