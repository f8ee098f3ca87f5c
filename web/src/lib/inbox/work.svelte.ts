import type { inferRouterOutputs } from '@trpc/server'
import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'
import type { Toasts } from '../toasts.svelte.ts'
import { say } from '../words/words.ts'
import { contactName } from './contactName.ts'
import { expectedWork, type WorkAction } from './expectedWork.ts'
import type { Inbox } from './inbox.svelte.ts'
import { keptIn } from './kept.ts'
import type { Labels } from './labels.svelte.ts'
import type { People } from './people.svelte.ts'
import { doneInWords, refusedInWords } from './workInWords.ts'

type Outcome = inferRouterOutputs<AppRouter>['conversations']['bulk']
type Changed = Outcome['changed'][number]
type Refused = { conversationId: string; message: string }

/** What the server takes in one call. */
const MOST_AT_ONCE = 200

/**
 * What agents decide about conversations. It shows at once, and the server's answer, or the feed, has the last word. Each act
 * says what it did, with an undo; what was refused goes back to how it was, and says why.
 */
export class Work {
  /** Acts under way, by conversation, and the conversation as the server told it last. */
  #underWay = new Map<string, { told: ConversationSnapshot; actions: WorkAction[] }>()
  #kept = keptIn(localStorage, 'baton:goes-on', (value): value is boolean => typeof value === 'boolean')
  #goesOn = $state.raw(this.#kept.read() ?? true)

  /** Opens a conversation, or none. */
  opens: (conversationId: string | null) => void = () => {}

  constructor(
    private readonly api: Api,
    private readonly inbox: Inbox,
    private readonly beside: { toasts: Toasts; people: People; labels: Labels },
  ) {}

  /** Whether the next conversation opens when the open one was put away: resolved or snoozed. */
  get goesOn(): boolean {
    return this.#goesOn
  }

  set goesOn(goesOn: boolean) {
    this.#goesOn = goesOn
    this.#kept.write(goesOn)
  }

  /** What is undefined stays; null takes it away. */
  assign(ids: readonly string[], to: { assigneeId?: string | null; teamId?: string | null }): Promise<void> {
    return this.#do(ids, { kind: 'assign', ...to })
  }

  resolve(ids: readonly string[]): Promise<void> {
    return this.#do(ids, { kind: 'resolve' })
  }

  reopen(ids: readonly string[]): Promise<void> {
    return this.#do(ids, { kind: 'reopen' })
  }

  /** `until` an ISO moment; null: until the customer writes. */
  snooze(ids: readonly string[], until: string | null): Promise<void> {
    return this.#do(ids, { kind: 'snooze', until })
  }

  label(
    ids: readonly string[],
    { add = [], remove = [] }: { add?: string[]; remove?: string[] },
  ): Promise<void> {
    return this.#do(ids, { kind: 'label', add, remove })
  }

  markRead(ids: readonly string[]): Promise<void> {
    return this.#do(ids, { kind: 'markRead' })
  }

  async #do(asked: readonly string[], action: WorkAction): Promise<void> {
    const ids = [...new Set(asked)]
    if (ids.length === 0) return
    const left = this.#leaves(ids, action)
    for (const id of ids) this.#expect(id, action)
    const { changed, refused } = await inPieces(ids, (some) =>
      this.api.conversations.bulk.mutate({ ids: some, action }),
    )
    for (const { conversationId, conversation } of changed) this.#settle(conversationId, action, conversation)
    for (const { conversationId } of refused) this.#settle(conversationId, action, null)
    if (changed.length > 0) {
      this.beside.toasts.say({
        words: this.#words(action, changed),
        undo: () => void this.#undo(changed, left),
      })
    }
    if (refused.length === 0) return
    this.beside.toasts.say({ words: refusedInWords(refused, ids.length), tone: 'danger' })
    if (changed.length === 0 && left !== null) this.opens(left)
  }

  async #undo(changed: readonly Changed[], left: string | null): Promise<void> {
    if (left !== null) this.opens(left)
    const befores = new Map(changed.map(({ conversationId, before }) => [conversationId, before]))
    const answer = await inPieces([...befores.keys()], (some) =>
      this.api.conversations.restore.mutate({
        conversations: some.flatMap((conversationId) => {
          const before = befores.get(conversationId)
          return before ? [{ conversationId, before }] : []
        }),
      }),
    )
    for (const { conversation } of answer.changed) this.inbox.hold(conversation)
    if (answer.refused.length > 0)
      this.beside.toasts.say({ words: refusedInWords(answer.refused, befores.size), tone: 'danger' })
  }

  /** Leaves the open conversation when it is put away, for the one below it in the list, else above; says which was left. */
  #leaves(ids: readonly string[], { kind }: WorkAction): string | null {
    const { openId, rows } = this.inbox
    const isPutAway = kind === 'resolve' || kind === 'snooze'
    if (!isPutAway || !this.#goesOn || openId === null || !ids.includes(openId)) return null
    const index = rows.findIndex((row) => row.id === openId)
    const staying = (row: ConversationSnapshot) => !ids.includes(row.id)
    const next = rows.slice(index + 1).find(staying) ?? rows.slice(0, Math.max(0, index)).findLast(staying)
    this.opens(next?.id ?? null)
    return openId
  }

  #expect(id: string, action: WorkAction) {
    const shown = this.inbox.conversation(id)
    if (!shown) return
    const entry = this.#underWay.get(id)
    if (entry) entry.actions.push(action)
    else this.#underWay.set(id, { told: shown, actions: [action] })
    this.inbox.expect(expectedWork(shown, action, this.beside.people))
  }

  /** The newest that the server told of it, with what is still under way on top. */
  #settle(id: string, action: WorkAction, answer: ConversationSnapshot | null) {
    const entry = this.#underWay.get(id)
    if (!entry) {
      if (answer) this.inbox.hold(answer)
      return
    }
    entry.actions = entry.actions.filter((one) => one !== action)
    for (const told of [answer, this.inbox.conversation(id)])
      if (told && told.version > entry.told.version) entry.told = told
    if (entry.actions.length === 0) this.#underWay.delete(id)
    this.inbox.expect(
      entry.actions.reduce((shown, one) => expectedWork(shown, one, this.beside.people), entry.told),
    )
  }

  #words(action: WorkAction, changed: readonly Changed[]): string {
    const { people, labels } = this.beside
    const [first] = changed
    const isAssign = action.kind === 'assign'
    const labelIds = action.kind === 'label' ? [...(action.add ?? []), ...(action.remove ?? [])] : []
    const assigneeId = (isAssign && action.assigneeId) || null
    const teamId = (isAssign && action.teamId) || null
    return doneInWords(action, {
      name: changed.length === 1 && first ? contactName(first.conversation.contact) : null,
      count: changed.length,
      assignee:
        assigneeId === this.inbox.agentId
          ? say('you')
          : (people.agentName(assigneeId ?? '') ?? first?.conversation.assignee?.name ?? ''),
      team: people.teamName(teamId ?? '') ?? first?.conversation.team?.name ?? '',
      label: labelIds.length === 1 ? (labels.get(labelIds[0] ?? '')?.name ?? null) : null,
      now: Date.now(),
    })
  }
}

/** One call for each two hundred. When a call fails, what it was about is refused with its sentence. */
async function inPieces(
  ids: readonly string[],
  call: (ids: string[]) => Promise<Outcome>,
): Promise<{ changed: Changed[]; refused: Refused[] }> {
  const changed: Changed[] = []
  const refused: Refused[] = []
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
    const some = ids.slice(from, from + MOST_AT_ONCE)
    try {
      const outcome = await call(some)
      changed.push(...outcome.changed)
      refused.push(...outcome.refused)
    } catch (error) {
      const { message } = troubleOf(error)
      refused.push(...some.map((conversationId) => ({ conversationId, message })))
    }
  }
  return { changed, refused }
}
