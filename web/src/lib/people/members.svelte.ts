import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { Managed } from '../settings/managed.svelte.ts'

type Answer = inferRouterOutputs<AppRouter>['people']['members']
export type Member = Answer['members'][number]
export type OpenInvite = Answer['invites'][number]
export type RoleOffer = Answer['roles'][number]
export type InviteWish = inferRouterInputs<AppRouter>['people']['invite']
export type MemberChange = Omit<inferRouterInputs<AppRouter>['people']['update'], 'agentIds'>

/** The people of the workspace, for those who manage them: found by name, chosen one by one or together. */
export class Members extends Managed<Answer> {
  /** What is searched for: in names, addresses and roles. */
  search = $state('')
  teamId = $state('')
  #chosen = $state.raw<ReadonlySet<string>>(new Set())

  constructor(
    private readonly api: Api,
    private readonly nameOf: (member: Member) => string,
  ) {
    super(() => api.people.members.query())
  }

  get isLoaded(): boolean {
    return this.answer !== null
  }
  get all(): readonly Member[] {
    return this.answer?.members ?? []
  }
  get invites(): readonly OpenInvite[] {
    return this.answer?.invites ?? []
  }
  get roles(): readonly RoleOffer[] {
    return this.answer?.roles ?? []
  }

  /** Those that fit what is searched for, who can sign in first. */
  get shown(): readonly Member[] {
    const words = this.search.trim().toLowerCase()
    const fits = (member: Member) =>
      (this.teamId === '' || member.teamIds.includes(this.teamId)) &&
      [member.name, member.email, this.nameOf(member)].some((text) => text.toLowerCase().includes(words))
    const found = this.all.filter(fits)
    return [...found.filter((one) => !one.deactivatedAt), ...found.filter((one) => one.deactivatedAt)]
  }

  /** Only what is seen is chosen. */
  get chosen(): readonly Member[] {
    return this.shown.filter((member) => this.#chosen.has(member.id))
  }
  isChosen(id: string): boolean {
    return this.#chosen.has(id)
  }
  choose(id: string, isChosen: boolean) {
    const others = [...this.#chosen].filter((one) => one !== id)
    this.#chosen = new Set(isChosen ? [...others, id] : others)
  }
  chooseAll(isChosen: boolean) {
    this.#chosen = new Set(isChosen ? this.shown.map((member) => member.id) : [])
  }

  /** Answers with the trouble, in words; null: it is done. */
  update(agentIds: readonly string[], change: MemberChange): Promise<string | null> {
    return this.#do(() => this.api.people.update.mutate({ agentIds: [...agentIds], ...change }))
  }

  /** The token of a link to a new password; it can be read nowhere else. */
  async passwordLink(agentId: string): Promise<string> {
    return (await this.api.passwords.makeLink.mutate({ agentId })).token
  }

  removeFactors(agentId: string): Promise<string | null> {
    return this.#do(() => this.api.people.removeFactors.mutate({ agentId }))
  }

  remove(agentId: string): Promise<string | null> {
    return this.#do(() => this.api.people.remove.mutate({ agentId }))
  }

  revoke(inviteId: string): Promise<string | null> {
    return this.#do(() => this.api.people.revokeInvite.mutate({ inviteId }))
  }

  /** The token of the new link, which can be read this once. @throws what the call throws */
  async invite(wish: InviteWish): Promise<string> {
    const { token } = await this.api.people.invite.mutate(wish)
    void this.load()
    return token
  }

  /** What was chosen is done with. */
  #do(work: () => Promise<unknown>): Promise<string | null> {
    return this.change(async () => {
      await work()
      this.#chosen = new Set()
    })
  }
}
