import type { ContactSnapshot } from '../../../../server/inbox/snapshot.ts'
import { contactName } from './contactName.ts'
import type { Chip } from './threadItems.ts'

/** Who reacted with an emoji: the business, the customer, and members of a group by their number. */
export function reactedInWords({ emoji, actors }: Chip, contact: ContactSnapshot | undefined): string {
  const isOurs = actors.includes('business')
  const others = actors.filter((actor) => actor !== 'business')
  const isCustomer = contact?.kind === 'person' && others.length === 1
  const who = isCustomer ? contactName(contact) : membersInWords(others.length)
  if (others.length === 0) return `Your team reacted with ${emoji}`
  return isOurs ? `${who} and your team reacted with ${emoji}` : `${who} reacted with ${emoji}`
}

const membersInWords = (count: number) =>
  count === 1 ? 'One member of the group' : `${count} members of the group`
