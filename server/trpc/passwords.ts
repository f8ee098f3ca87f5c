import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { hashOfLink, makeLinkToken } from '../auth/linkToken.ts'
import { createPasswordHash, isPasswordOf, LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../auth/password.ts'
import { AT_AN_OPEN_BROWSER } from '../auth/signInTries.ts'
import { changePassword, passwordHashOf } from '../inbox/changePassword.ts'
import { makeResetLink, readReset, resetPassword } from '../inbox/passwordResets.ts'
import { Refusal } from '../inbox/refusal.ts'
import { MAIL_LANGUAGES } from '../mail/resetMail.ts'
import { memberProcedure, ownProcedure, publicProcedure, router } from './init.ts'

const token = z.string().min(20).max(100)
const newPassword = z.string().min(SHORTEST_PASSWORD).max(LONGEST_PASSWORD)
const oldPassword = z.string().min(1).max(LONGEST_PASSWORD)

/** Changing one's password, and setting a new one without the old. */
export const passwordsRouter = router({
  /** Whether a link to a new password can be sent by mail; else an administrator makes one. */
  ways: publicProcedure.query(({ ctx: { services } }) => ({ byMail: services.resets.hasMail })),

  /** Sends a link to a new password, if somebody signs in with this address. The answer is the same if nobody does. */
  forgot: publicProcedure
    .input(z.object({ email: z.email().max(254), language: z.enum(MAIL_LANGUAGES).default('en') }))
    .mutation(({ ctx: { services }, input }) => {
      services.resets.ask(input.email, input.language)
      return {}
    }),

  /** Whose password a link sets, for whoever has it. Refused with NOT_FOUND when it was used or its hour is over. */
  link: publicProcedure.input(z.object({ token })).query(async ({ ctx: { services }, input }) => {
    const { name, email } = await readReset(services.sql, hashOfLink(input.token), services.now())
    return { name, email }
  }),

  /** Sets a new password by a link, once. It ends every session of theirs; they sign in with it afterwards. */
  reset: publicProcedure
    .input(z.object({ token, password: newPassword }))
    .mutation(async ({ ctx: { services }, input }) => {
      const hash = hashOfLink(input.token)
      // Before the password is hashed, which is meant to be slow.
      await readReset(services.sql, hash, services.now())
      const passwordHash = await createPasswordHash(input.password)
      const done = await repeatable(services.sql, (tx) =>
        resetPassword(tx, { hash, passwordHash }, services.now()),
      )
      services.bell.ring('sessions')
      return done
    }),

  /**
   * Makes a link to a new password for a colleague, who gets it by hand: it works once, within an hour. `token` is shown this once:
   * `/reset/{token}` on our own address is the link. A second factor is still asked for.
   */
  makeLink: memberProcedure
    .input(z.object({ agentId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input: { agentId } }) => {
      const { token: made, hash } = makeLinkToken()
      const { expiresAt } = await repeatable(services.sql, (tx) =>
        makeResetLink(tx, agent, { agentId, hash }, services.now()),
      )
      return { token: made, expiresAt }
    }),

  /** Changes one's own password. All other sessions end, and this one goes on with a new token. `ended`: how many. */
  change: ownProcedure
    .input(z.object({ oldPassword, newPassword }))
    .mutation(async ({ ctx: { agent, sessionId, services, setCookie }, input }) => {
      const { tries, sql, tokens } = services
      const over = await tries.take(agent.id, AT_AN_OPEN_BROWSER)
      if (over)
        throw new Refusal(
          'TOO_MANY_REQUESTS',
          'Too many wrong passwords. Wait some minutes, then try again.',
          over,
        )
      const from = await passwordHashOf(sql, agent.id)
      if (!(await isPasswordOf(from, input.oldPassword)))
        throw new Refusal('INPUT_INVALID', 'This is not your present password.', { field: 'oldPassword' })
      if (input.newPassword === input.oldPassword)
        throw new Refusal('INPUT_INVALID', 'The new password is the old one.', { field: 'newPassword' })
      const to = await createPasswordHash(input.newPassword)
      const { ended, cookie } = await repeatable(sql, async (tx) => ({
        ended: await changePassword(tx, agent, { from, to, sessionId }, services.now()),
        cookie: await tokens.renew(tx, sessionId),
      }))
      if (cookie) setCookie?.(cookie)
      services.bell.ring('sessions')
      await tries.succeeded(agent.id, AT_AN_OPEN_BROWSER)
      return { ended }
    }),
})
