import type { Team, Teams } from './teams.svelte.ts'

const toggled = (ids: readonly string[], id: string) =>
  ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]

/** A team that is being made or changed. */
export class TeamEdit {
  name = $state('')
  #memberIds = $state.raw<readonly string[]>([])
  #channelIds = $state.raw<readonly string[]>([])
  #trouble = $state.raw<string | null>(null)

  constructor(
    private readonly teams: Teams,
    readonly team: Team | null,
  ) {
    if (team === null) return
    this.name = team.name
    this.#memberIds = team.memberIds
    this.#channelIds = team.channelIds
  }

  get memberIds(): readonly string[] {
    return this.#memberIds
  }
  get channelIds(): readonly string[] {
    return this.#channelIds
  }
  get trouble(): string | null {
    return this.#trouble
  }
  get canSave(): boolean {
    return this.name.trim() !== ''
  }

  toggleMember(id: string) {
    this.#memberIds = toggled(this.#memberIds, id)
  }
  toggleChannel(id: string) {
    this.#channelIds = toggled(this.#channelIds, id)
  }

  async save(): Promise<boolean> {
    this.#trouble = await this.teams.save({
      ...(this.team && { teamId: this.team.id }),
      name: this.name.trim(),
      memberIds: [...this.#memberIds],
      channelIds: [...this.#channelIds],
    })
    return this.#trouble === null
  }

  async remove(): Promise<boolean> {
    if (this.team === null) return false
    this.#trouble = await this.teams.remove(this.team.id)
    return this.#trouble === null
  }
}
