import type { JsonObject } from './content.ts'
import type { Person } from './delivery.ts'
import { objectOf, textOf } from './json.ts'
import { canonicalPhone, isBusinessScopedId, isParentBusinessScopedId } from './phone.ts'

/** The ids that a payload gives for one person, before they are told apart. */
export type PersonIds = { id: string | null; userId: string | null; parentUserId: string | null }

/**
 * A person from the ids of a message and the contact that goes with it. Ids are told apart by shape, since some senders put
 * a business-scoped id where the phone belongs. Null when there is no id at all.
 */
export function personOf(ids: PersonIds, contacts: JsonObject[]): Person | null {
  const contact = contactOf(ids, contacts)
  const profile = objectOf(contact?.profile)
  const all = [
    ids.id,
    ids.userId,
    ids.parentUserId,
    contact?.wa_id,
    contact?.user_id,
    contact?.parent_user_id,
  ]
    .map((id) => textOf(id))
    .filter((id) => id !== null)
  if (all.length === 0) return null
  return {
    phone: all.find((id) => !isBusinessScopedId(id) && !isParentBusinessScopedId(id)) ?? null,
    userId: all.find(isBusinessScopedId) ?? null,
    parentUserId: all.find(isParentBusinessScopedId) ?? null,
    name: textOf(profile.name),
    username: textOf(profile.username),
  }
}

/** The contact with one of the ids. A contact without a match is used only when the payload names nobody else. */
function contactOf({ id, userId, parentUserId }: PersonIds, contacts: JsonObject[]): JsonObject | undefined {
  const phone = id === null ? null : canonicalPhone(id)
  const isSame = (contact: JsonObject) => {
    const waId = textOf(contact.wa_id)
    const contactUserId = textOf(contact.user_id)
    return (
      (waId !== null && canonicalPhone(waId) === phone) ||
      (contactUserId !== null && (contactUserId === userId || contactUserId === id)) ||
      (parentUserId !== null && textOf(contact.parent_user_id) === parentUserId)
    )
  }
  const isNameless = id === null && userId === null && parentUserId === null
  return contacts.find(isSame) ?? (isNameless && contacts.length === 1 ? contacts[0] : undefined)
}
