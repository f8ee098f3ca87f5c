import type { Member, MemberChange, Members } from './members.svelte.ts'
import { choiceOf, keyOfRole } from './roleChoice.ts'

/** A change that somebody is about to make to one member or to many. What stays '' or untouched stays as it is. */
export class MemberEdit {
  roleKey = $state('')
  capacity = $state('')
  #teams = $state.raw<ReadonlyMap<string, boolean>>(new Map())
  #trouble = $state.raw<string | null>(null)

  constructor(
    private readonly members: Members,
    readonly chosen: readonly Member[],
  ) {
    const [only] = chosen.length === 1 ? chosen : []
    if (!only) return
    this.roleKey = keyOfRole({ role: only.role, id: only.roleId })
    this.capacity = only.capacity === null ? '' : String(only.capacity)
  }

  get isOne(): boolean {
    return this.chosen.length === 1
  }
  get trouble(): string | null {
    return this.#trouble
  }
  get ids(): string[] {
    return this.chosen.map((member) => member.id)
  }

  /** Teams in which all of them will be. */
  inTeams(teamIds: readonly string[]): string[] {
    return teamIds.filter(
      (id) => this.#teams.get(id) ?? this.chosen.every((member) => member.teamIds.includes(id)),
    )
  }
  toggleTeam(id: string) {
    const isIn = this.inTeams([id]).length > 0
    this.#teams = new Map(this.#teams).set(id, !isIn)
  }

  get change(): MemberChange {
    const teams = [...this.#teams]
    const offer = this.members.roles.find((role) => keyOfRole(role) === this.roleKey)
    const isNewRole =
      offer && this.chosen.some((one) => keyOfRole({ role: one.role, id: one.roleId }) !== this.roleKey)
    const most = this.capacity.trim() === '' ? null : Number(this.capacity)
    return {
      ...(isNewRole && { role: choiceOf(offer) }),
      ...(teams.some(([, isIn]) => isIn) && { addTeamIds: teams.flatMap(([id, isIn]) => (isIn ? id : [])) }),
      ...(teams.some(([, isIn]) => !isIn) && {
        removeTeamIds: teams.flatMap(([id, isIn]) => (isIn ? [] : id)),
      }),
      ...(this.isOne && this.chosen[0]?.capacity !== most && { capacity: most }),
    }
  }
  get isChanged(): boolean {
    return Object.keys(this.change).length > 0
  }

  save(): Promise<boolean> {
    return this.#done(this.members.update(this.ids, this.change))
  }
  setActive(isActive: boolean): Promise<boolean> {
    return this.#done(this.members.update(this.ids, { isActive }))
  }
  remove(): Promise<boolean> {
    const [only] = this.chosen
    return only ? this.#done(this.members.remove(only.id)) : Promise.resolve(false)
  }

  async #done(work: Promise<string | null>): Promise<boolean> {
    this.#trouble = await work
    return this.#trouble === null
  }
}
