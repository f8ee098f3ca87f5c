import type { ApiKeySnapshot, Scope } from '../../../../server/inbox/apiKey.ts'
import { momentInWords } from '../inbox/time.ts'
import { pageLocale } from '../words/language.ts'
import { say } from '../words/words.ts'

/** What each scope lets a program do, in the order of their weight. */
export const SCOPE_WORDS: readonly { scope: Scope; label: string; help: string }[] = [
  {
    scope: 'read',
    label: say('Read', 'what a program may do'),
    help: 'See conversations and messages, follow the feed',
  },
  {
    scope: 'write',
    label: say('Write', 'what a program may do'),
    help: 'Answer customers, change conversations',
  },
  {
    scope: 'admin',
    label: 'Administer',
    help: 'Dead letters, raw messages and API keys, if the agent is an administrator',
  },
]

/** `Read and write`. */
export function scopesInWords(scopes: readonly Scope[]): string {
  const labels = SCOPE_WORDS.filter(({ scope }) => scopes.includes(scope)).map(({ label }) =>
    label.toLocaleLowerCase(pageLocale()),
  )
  const words = new Intl.ListFormat(pageLocale()).format(labels)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Whether it opens nothing any more. */
export function isOver(key: ApiKeySnapshot, now: number): boolean {
  return key.revokedAt !== null || (key.expiresAt !== null && Date.parse(key.expiresAt) <= now)
}

/** `Last used at 11:42`. */
export function useInWords({ lastUsedAt }: ApiKeySnapshot, now: number): string {
  return lastUsedAt === null ? 'Never used' : `Last used ${momentInWords(lastUsedAt, now)}`
}

/** `Revoked on 2 Nov`, `Expired yesterday 11:42`, `Expires on 12 Feb 2027`, `No expiry`. */
export function endInWords({ revokedAt, expiresAt }: ApiKeySnapshot, now: number): string {
  if (revokedAt !== null) return `Revoked ${momentInWords(revokedAt, now)}`
  if (expiresAt === null) return 'No expiry'
  const moment = momentInWords(expiresAt, now)
  return Date.parse(expiresAt) <= now ? `Expired ${moment}` : `Expires ${moment}`
}

/** What will happen, for whoever is about to revoke it. */
export function revokingInWords(key: ApiKeySnapshot, now: number): string {
  const use =
    key.lastUsedAt === null
      ? 'Nothing has used it yet.'
      : `It was last used ${momentInWords(key.lastUsedAt, now)}, as ${key.agent.name}.`
  return `${use} Whatever sends it is refused from its next call on, and its open feeds end within seconds. This can not be undone; a new key can be made at any time.`
}
