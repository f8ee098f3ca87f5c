import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import type { Log } from '../log.ts'
import { networkOf } from './networkOf.ts'
import { IDLE_LIFE_MS } from './session.ts'
import type { SignInBook, Visitor } from './signInBook.ts'
import type { SignInTries } from './signInTries.ts'
import { wayOf } from './wayOf.ts'

const LONGEST_USER_AGENT = 300

export type SignInWatch = {
  tries: SignInTries
  /** Null: nothing is written down. */
  book: SignInBook | null
  /** The header with the caller's address. */
  callerHeader: string
  log: Log
}

/**
 * What better-auth leaves to us at a sign-in: whoever guesses shuts out themselves alone, who is deactivated stays out, the session that the
 * browser had before ends, and all of it is in the audit log. It must be the last plugin: a second
 * factor that is still to come takes the session back before this one looks.
 */
export function watchSignIns({ tries, book, callerHeader, log }: SignInWatch): BetterAuthPlugin {
  /** Without being waited for: an account that exists must not answer later than one that does not. */
  const aside = (work: Promise<unknown>) =>
    void work.catch((err: unknown) => log.warn({ err }, 'a sign-in could not be written down'))
  const visitorOf = (headers: Headers | undefined): Visitor => ({
    address: headers?.get(callerHeader) ?? '',
    userAgent: headers?.get('user-agent') ?? null,
  })

  const noteFailure = async (email: string, visitor: Visitor) => {
    const agentId = await book?.agentWith(email)
    const isLast = await tries.isShut(email, visitor.address)
    if (agentId) await book?.failed(agentId, isLast ? 'too_many_tries' : 'wrong_password', visitor)
  }

  return {
    id: 'baton-sign-ins',
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            create: {
              async before(session, context) {
                const refused = await book?.refusalOf(session.userId)
                if (refused) {
                  if (book) aside(book.failed(session.userId, refused, visitorOf(context?.headers)))
                  throw new APIError('FORBIDDEN', {
                    code: refused.toUpperCase(),
                    message: 'This account can not sign in.',
                  })
                }
                const network = networkOf(session.ipAddress ?? '') ?? ''
                const userAgent = session.userAgent?.slice(0, LONGEST_USER_AGENT) ?? null
                return { data: { ...session, ipAddress: network, userAgent } }
              },
            },
            delete: {
              async after(session, context) {
                book?.sessionEnded()
                if (book && context?.path === '/sign-out') aside(book.left(session.userId))
              },
            },
          },
        },
      },
    }),
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/sign-in/email',
          handler: createAuthMiddleware(async (request) => {
            const over = await tries.take(emailOf(request.body), visitorOf(request.headers).address)
            if (over === null) return
            const seconds = String(over.retryAfterS)
            throw new APIError(
              'TOO_MANY_REQUESTS',
              { code: 'TOO_MANY_TRIES', message: 'Too many wrong passwords. Wait, or set a new password.' },
              { 'retry-after': seconds },
            )
          }),
        },
      ],
      after: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (request) => {
            const { newSession, returned, session } = request.context
            const visitor = visitorOf(request.headers)
            const path = request.path ?? ''
            if (path === '/sign-in/email') {
              if (!(returned instanceof APIError))
                await tries.succeeded(emailOf(request.body), visitor.address)
              else if (returned.status === 'UNAUTHORIZED') aside(noteFailure(emailOf(request.body), visitor))
            }
            if (newSession === null || newSession === undefined) return
            const { sessionToken } = request.context.authCookies
            const earlier = await request.getSignedCookie(sessionToken.name, request.context.secret)
            if (earlier && earlier !== newSession.session.token)
              await request.context.internalAdapter.deleteSession(earlier)
            const way = wayOf(path)
            // Who was signed in already, and shows a second factor to set it up, does not sign in.
            if (way !== null && book && !session) {
              const usedSince = new Date(Date.now() - IDLE_LIFE_MS)
              aside(book.entered(newSession.user.id, way, visitor))
              aside(book.forgetEnded(usedSince, new Date()))
            }
          }),
        },
      ],
    },
  }
}

function emailOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('email' in body)) return ''
  return typeof body.email === 'string' ? body.email : ''
}
