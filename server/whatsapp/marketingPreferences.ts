import type { ChannelNews, Person } from './delivery.ts'
import { isObject, listOf, objectOf, textOf } from './json.ts'
import { momentOf } from './moment.ts'
import { personOf } from './person.ts'

export type MarketingPreference = { person: Person; isOptedOut: boolean; saidAt: Date }

/** What customers told WhatsApp of marketing by this business (shared facts §2.7, `user_preferences`). */
export function marketingPreferences(news: ChannelNews, receivedAt: Date): MarketingPreference[] {
  if (news.field !== 'user_preferences') return []
  const value = objectOf(news.value)
  const contacts = listOf(value.contacts).filter(isObject)
  return listOf(value.user_preferences)
    .map(objectOf)
    .flatMap((preference) => {
      const ids = {
        id: textOf(preference.wa_id),
        userId: textOf(preference.user_id),
        parentUserId: textOf(preference.parent_user_id),
      }
      const person = personOf(ids, contacts)
      const word = textOf(preference.value)?.toLowerCase()
      const isAboutMarketing = (textOf(preference.category) ?? 'marketing_messages') === 'marketing_messages'
      if (person === null || !isAboutMarketing || (word !== 'stop' && word !== 'resume')) return []
      return [{ person, isOptedOut: word === 'stop', saidAt: momentOf(preference.timestamp, receivedAt) }]
    })
}
