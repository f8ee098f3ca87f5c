import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import type { Sql } from '../../db/client.ts'
import { noteFactor } from './factors/noteFactor.ts'

/** A company's own sign-in, by OpenID Connect. */
export type Provider = { issuer: string; clientId: string; clientSecret: string; name: string }

/** How the provider is called in our routes and rows. It comes back to `/api/auth/callback/oidc`. */
export const PROVIDER_ID = 'oidc'

/**
 * Sign-in through the company: code flow with PKCE, state and nonce, an ID token checked against the provider's keys. It opens the
 * account of an agent who is here already and has the same, verified address; it makes none. What the provider gives out is
 * forgotten at once, but for the name by which it knows the agent.
 */
export function singleSignOn({ issuer, clientId, clientSecret, name }: Provider, sql: Sql) {
  const config = {
    providerId: PROVIDER_ID,
    name,
    discoveryUrl: `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
    requireIdTokenVerification: true,
    clientId,
    clientSecret,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    disableSignUp: true,
  }
  const plugin = genericOAuth({ config: [config] })
  return {
    ...plugin,
    // Otherwise a provider that does not answer when we start would keep everybody out, for as long as it says nothing: better-auth
    // asks it before anything else, without a limit. As one whose answer failed, it is asked within ten seconds when it is needed.
    init: () => ({
      context: { genericOAuthPendingDiscovery: new Map([[PROVIDER_ID, config]]) },
      options: {
        databaseHooks: {
          account: {
            create: {
              before: async (account: { providerId: string }) => ({ data: { ...account, ...FORGOTTEN } }),
              after: async ({ userId, providerId }: { userId: string; providerId: string }) => {
                if (providerId !== PROVIDER_ID) return
                await sql.begin((tx) => noteFactor(tx, userId, 'single_sign_on.linked', { name }))
              },
            },
          },
        },
      },
    }),
    hooks: {
      before: [
        ...plugin.hooks.before,
        {
          matcher: ({ path }) => path === '/sign-in/social',
          // A token from elsewhere would come in without state and nonce.
          handler: createAuthMiddleware(async ({ body }) => {
            if (body?.idToken !== undefined) throw new APIError('BAD_REQUEST', { code: 'NO_TOKENS_HERE' })
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin
}

const FORGOTTEN = { accessToken: null, refreshToken: null, idToken: null }

/** Why somebody whom the provider vouches for is not let in; undefined: they are. Asked each time, before anything is written. */
export async function refusalOfProvider(
  sql: Sql,
  { id, emailVerified }: { id?: string; emailVerified?: boolean },
): Promise<{ error: string } | undefined> {
  if (emailVerified !== true) return { error: 'email_not_verified' }
  const active = await sql`
    select 1 from memberships where agent_id = ${id ?? null}::uuid and deactivated_at is null limit 1`
  return active.length > 0 ? undefined : { error: 'deactivated' }
}
