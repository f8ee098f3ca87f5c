import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

type Page = inferRouterOutputs<AppRouter>['audit']['list']
export type AuditEntry = Page['entries'][number]

const DAY_MS = 24 * 60 * 60 * 1000

/** The audit log, filtered by who, what and when; further pages come as somebody asks for them. */
export class Audit {
  #actorId = $state.raw('')
  #action = $state.raw('')
  #from = $state.raw('')
  #until = $state.raw('')
  #entries = $state.raw<readonly AuditEntry[] | null>(null)
  #actions = $state.raw<readonly string[]>([])
  #next = $state.raw<string | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #isWorking = $state.raw(false)
  #asked = 0

  constructor(private readonly api: Api) {}

  get actorId(): string {
    return this.#actorId
  }
  set actorId(id: string) {
    this.#actorId = id
    void this.load()
  }
  get action(): string {
    return this.#action
  }
  set action(word: string) {
    this.#action = word
    void this.load()
  }
  /** Days, as a date field has them. */
  get from(): string {
    return this.#from
  }
  set from(day: string) {
    this.#from = day
    void this.load()
  }
  get until(): string {
    return this.#until
  }
  set until(day: string) {
    this.#until = day
    void this.load()
  }

  /** Null: nothing was loaded yet. */
  get entries(): readonly AuditEntry[] | null {
    return this.#entries
  }
  /** Every action that the log knows. */
  get actions(): readonly string[] {
    return this.#actions
  }
  get hasMore(): boolean {
    return this.#next !== null
  }
  get trouble(): Trouble | null {
    return this.#trouble
  }
  get isWorking(): boolean {
    return this.#isWorking
  }
  get isFiltered(): boolean {
    return [this.#actorId, this.#action, this.#from, this.#until].some((value) => value !== '')
  }

  clear() {
    this.#actorId = this.#action = this.#from = this.#until = ''
    void this.load()
  }

  load(): Promise<void> {
    return this.#read(undefined)
  }
  more(): Promise<void> {
    return this.#next === null ? Promise.resolve() : this.#read(this.#next)
  }

  /** The file, for the browser to keep. Answers with the trouble, in words; null: it is there. */
  async export(format: 'csv' | 'json', save: (file: File) => void): Promise<string | null> {
    this.#isWorking = true
    try {
      const { text, filename, type } = await this.api.audit.export.mutate({ ...this.#filters, format })
      save(new File([text], filename, { type }))
      return null
    } catch (error) {
      return troubleOf(error).message
    } finally {
      this.#isWorking = false
    }
  }

  get #filters() {
    const start = (day: string) => new Date(`${day}T00:00:00`)
    return {
      ...(this.#actorId && { actorId: this.#actorId }),
      ...(this.#action && { actions: [this.#action] }),
      ...(this.#from && { from: start(this.#from).toISOString() }),
      ...(this.#until && { until: new Date(start(this.#until).getTime() + DAY_MS).toISOString() }),
    }
  }

  async #read(before: string | undefined): Promise<void> {
    const asked = ++this.#asked
    this.#isWorking = true
    this.#trouble = null
    try {
      const page = await this.api.audit.list.query({ ...this.#filters, ...(before && { before }) })
      if (asked !== this.#asked) return
      this.#entries = before ? [...(this.#entries ?? []), ...page.entries] : page.entries
      this.#actions = page.actions
      this.#next = page.nextCursor
    } catch (error) {
      if (asked === this.#asked) this.#trouble = troubleOf(error)
    }
    if (asked === this.#asked) this.#isWorking = false
  }
}
