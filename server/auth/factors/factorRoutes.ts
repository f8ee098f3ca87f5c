import type { GenericEndpointContext } from 'better-auth'
import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api'
import { z } from 'zod'
import type { Sql } from '../../../db/client.ts'
import type { RenewedSession } from '../renewSession.ts'
import { wrongCode } from './claimCode.ts'
import { switchOff, switchOn } from './switchFactor.ts'
import { stepOf } from './totp.ts'
import { unseal } from './unseal.ts'

const codes = z.array(z.string())

/** Routes for one's own second factor, beside those of better-auth. `ended` is called when other sessions have ended. */
export function factorRoutes(sql: Sql, ended: () => void) {
  return {
    /** How it stands. Says how many recovery codes are left, never which. */
    twoFactorState: createAuthEndpoint(
      '/two-factor/state',
      { method: 'GET', use: [sessionMiddleware] },
      async (request) => {
        const [factor] = await sql<{ backupCodes: string }[]>`
          select backup_codes from two_factors where agent_id = ${request.context.session.user.id} and verified`
        if (factor === undefined) return request.json({ isOn: false, codesLeft: 0 })
        const left = codes.parse(JSON.parse((await unseal(request, factor.backupCodes)) ?? '[]'))
        return request.json({ isOn: true, codesLeft: left.length })
      },
    ),

    /** The first code proves that the app has the key: from now on sign-in asks for one. */
    confirmTwoFactor: createAuthEndpoint(
      '/two-factor/confirm',
      { method: 'POST', use: [sessionMiddleware], body: z.object({ code: z.string().max(20) }) },
      async (request) => {
        const now = new Date()
        const { user, session } = request.context.session
        const [factor] = await sql<{ secret: string }[]>`
          select secret from two_factors where agent_id = ${user.id} and not verified`
        if (factor === undefined) throw new APIError('CONFLICT', { code: 'NOTHING_TO_CONFIRM' })
        const key = await unseal(request, factor.secret)
        const step = key === null ? null : stepOf(request.body.code, key, now.getTime())
        if (step === null) throw wrongCode()
        const renewed = await switchOn(sql, { agentId: user.id, sessionId: session.id, now }, step)
        await hand(request, renewed, now)
        ended()
        return request.json({ isOn: true })
      },
    ),

    /** Takes the password; then the password alone signs in. */
    twoFactorOff: createAuthEndpoint(
      '/two-factor/off',
      { method: 'POST', use: [sessionMiddleware], body: z.object({ password: z.string() }) },
      async (request) => {
        const now = new Date()
        const { user, session } = request.context.session
        await request.context.password.checkPassword(user.id, request)
        await hand(request, await switchOff(sql, { agentId: user.id, sessionId: session.id, now }), now)
        return request.json({ isOn: false })
      },
    ),
  }
}

/** Gives the browser the new token of its session. */
async function hand(
  request: Pick<GenericEndpointContext, 'context' | 'setSignedCookie'>,
  renewed: RenewedSession | null,
  now: Date,
): Promise<void> {
  if (renewed === null) return
  const { name, attributes } = request.context.authCookies.sessionToken
  const maxAge = Math.max(0, Math.round((renewed.expiresAt.getTime() - now.getTime()) / 1000))
  await request.setSignedCookie(name, renewed.token, request.context.secret, { ...attributes, maxAge })
}
