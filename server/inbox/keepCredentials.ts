import type { Transaction } from '../../db/client.ts'

/** Secrets of a channel, sealed. What is not given stays as it is. */
export type SealedCredentials = {
  accessToken?: string | undefined
  appSecret?: string | undefined
  verifyToken?: string | undefined
}

/** Stores the sealed secrets of a channel. Ring `secrets` after the commit. */
export async function keepCredentials(
  tx: Transaction,
  channelId: string,
  { accessToken, appSecret, verifyToken }: SealedCredentials,
): Promise<void> {
  await tx`
    insert into channel_credentials (channel_id, access_token, app_secret, verify_token)
    values (${channelId}, ${accessToken ?? null}, ${appSecret ?? null}, ${verifyToken ?? null})
    on conflict (channel_id) do update set
      access_token = coalesce(excluded.access_token, channel_credentials.access_token),
      app_secret = coalesce(excluded.app_secret, channel_credentials.app_secret),
      verify_token = coalesce(excluded.verify_token, channel_credentials.verify_token),
      updated_at = now()`
}
