import type { Permission, Relation } from '../../../../server/inbox/role.ts'
import type { Role, Roles } from './roles.svelte.ts'

/** Every role reads: whoever sees nothing could do nothing. */
const ALWAYS: Permission = 'conversations.read'

/** A role of the workspace's own that is being made or changed. */
export class RoleEdit {
  name = $state('')
  reach = $state<Relation>('channel')
  #permissions = $state.raw<readonly Permission[]>([ALWAYS, 'conversations.reply', 'conversations.note'])
  #trouble = $state.raw<string | null>(null)

  constructor(
    private readonly roles: Roles,
    readonly role: Role | null,
  ) {
    if (role === null) return
    this.name = role.name ?? ''
    this.reach = role.reach
    this.#permissions = role.permissions
  }

  get permissions(): readonly Permission[] {
    return this.#permissions
  }
  get trouble(): string | null {
    return this.#trouble
  }
  get canSave(): boolean {
    return this.name.trim() !== ''
  }

  toggle(permission: Permission) {
    if (permission === ALWAYS) return
    this.#permissions = this.#permissions.includes(permission)
      ? this.#permissions.filter((one) => one !== permission)
      : [...this.#permissions, permission]
  }

  async save(): Promise<boolean> {
    this.#trouble = await this.roles.save({
      ...(this.role?.id && { roleId: this.role.id }),
      name: this.name.trim(),
      reach: this.reach,
      permissions: [...this.#permissions],
    })
    return this.#trouble === null
  }

  async remove(): Promise<boolean> {
    if (!this.role?.id) return false
    this.#trouble = await this.roles.remove(this.role.id)
    return this.#trouble === null
  }
}
