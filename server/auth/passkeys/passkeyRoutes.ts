import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import type { Sql } from '../../../db/client.ts'
import { giveChallenge, takeChallenge } from './challenge.ts'
import { handleOf, madeCredential, readNewPasskey, readUse, usedCredential } from './credential.ts'
import {
  addPasskey,
  credentialsOf,
  knownPasskey,
  noteUse,
  passkeysOf,
  removePasskey,
  renamePasskey,
} from './passkeyStore.ts'
import { ALGORITHMS } from './publicKey.ts'
import { relyingPartyOf } from './relyingParty.ts'

const ASK_MS = 2 * 60 * 1000
const name = z.string().trim().min(1).max(80)
const id = z.uuid()
const signedIn = { method: 'POST' as const, use: [sessionMiddleware] }

/**
 * Passkeys: a key of a device or a password manager in place of the password. Each proves two things, that somebody has it and is
 * who they are (`readAuthenticatorData`), so no code is asked for after it. better-auth's own package does not insist on the second.
 */
export function passkeys({ sql, publicUrl }: { sql: Sql; publicUrl: string }) {
  const party = relyingPartyOf(publicUrl)
  return {
    id: 'baton-passkeys',
    endpoints: {
      listPasskeys: createAuthEndpoint(
        '/passkey/list',
        { method: 'GET', use: [sessionMiddleware] },
        async (request) => request.json({ passkeys: await passkeysOf(sql, request.context.session.user.id) }),
      ),

      /** What the browser is to make a key for. Takes the password: a key opens the account for years. */
      beginPasskey: createAuthEndpoint(
        '/passkey/add/begin',
        { ...signedIn, body: z.object({ password: z.string() }) },
        async (request) => {
          const { id: agentId, name: displayName, email } = request.context.session.user
          await request.context.password.checkPassword(agentId, request)
          return request.json({
            challenge: await giveChallenge(request, 'add', agentId),
            rp: { id: party.id, name: 'Baton' },
            user: { id: handleOf(agentId).toString('base64url'), name: email, displayName },
            algorithms: ALGORITHMS,
            exclude: await credentialsOf(sql, agentId),
            timeoutMs: ASK_MS,
          })
        },
      ),

      addPasskey: createAuthEndpoint(
        '/passkey/add/finish',
        { ...signedIn, body: z.object({ name, credential: madeCredential }) },
        async (request) => {
          const agentId = request.context.session.user.id
          const { credential } = request.body
          const made = readNewPasskey(credential, party)
          const askedBy = made && (await takeChallenge(request, 'add', made.challenge))
          if (made === null || askedBy !== agentId) throw notGood()
          const { transports } = credential
          if (!(await addPasskey(sql, agentId, { ...made, transports, name: request.body.name })))
            throw new APIError('CONFLICT', { code: 'PASSKEY_NOT_KEPT' })
          return request.json({ passkeys: await passkeysOf(sql, agentId) })
        },
      ),

      renamePasskey: createAuthEndpoint(
        '/passkey/rename',
        { ...signedIn, body: z.object({ id, name }) },
        async (request) => {
          const agentId = request.context.session.user.id
          if (!(await renamePasskey(sql, agentId, request.body.id, request.body.name))) throw notThere()
          return request.json({ passkeys: await passkeysOf(sql, agentId) })
        },
      ),

      removePasskey: createAuthEndpoint(
        '/passkey/remove',
        { ...signedIn, body: z.object({ id }) },
        async (request) => {
          const agentId = request.context.session.user.id
          if (!(await removePasskey(sql, agentId, request.body.id))) throw notThere()
          return request.json({ passkeys: await passkeysOf(sql, agentId) })
        },
      ),

      /** What any key of this site is to sign. Names no account, so it tells a stranger nothing. */
      beginPasskeySignIn: createAuthEndpoint('/passkey/sign-in/begin', { method: 'POST' }, async (request) =>
        request.json({
          challenge: await giveChallenge(request, 'sign-in', 'anybody'),
          rpId: party.id,
          timeoutMs: ASK_MS,
        }),
      ),

      signInWithPasskey: createAuthEndpoint(
        '/passkey/sign-in/finish',
        { method: 'POST', body: z.object({ credential: usedCredential }) },
        async (request) => {
          const { credential } = request.body
          const credentialId = credential.id.toString('base64url')
          const known = await knownPasskey(sql, credentialId)
          const use = known && readUse(credential, known, party)
          if (use === null || (await takeChallenge(request, 'sign-in', use.challenge)) === null)
            throw notGood()
          if (known === null || !(await noteUse(sql, credentialId, use))) throw notGood()
          const user = await request.context.internalAdapter.findUserById(known.agentId)
          const session = user && (await request.context.internalAdapter.createSession(user.id))
          if (!user || !session) throw notGood()
          await setSessionCookie(request, { session, user })
          return request.json({ isSignedIn: true })
        },
      ),
    },
  } satisfies BetterAuthPlugin
}

const notGood = () => new APIError('UNAUTHORIZED', { code: 'PASSKEY_NOT_GOOD' })
const notThere = () => new APIError('NOT_FOUND', { code: 'PASSKEY_NOT_THERE' })
