import type { Permission } from '../../../../server/inbox/role.ts'
import type { MemberChange, RoleOffer } from './members.svelte.ts'
import { roleInWords } from './roleInWords.ts'

export type RoleChoice = NonNullable<MemberChange['role']>

/** A role as the value of a choice, and back. */
export const keyOfRole = ({ role, id }: Pick<RoleOffer, 'role' | 'id'>): string => (id === null ? role : id)

/** Those that somebody may give: none that allows more than their own. The server has the last word. */
export function rolesToGive(roles: readonly RoleOffer[], may: Record<Permission, boolean>) {
  return roles
    .filter((offer) => offer.permissions.every((permission) => may[permission]))
    .map((offer) => ({ key: keyOfRole(offer), label: roleInWords(offer.role, offer.name), offer }))
}

export function choiceOf({ role, id }: Pick<RoleOffer, 'role' | 'id'>): RoleChoice {
  if (role !== 'custom') return { role }
  return { role, roleId: id ?? '' }
}
