import type { Chance } from '../chance.ts'
import { endingOf, PassingRefusals } from './endings.ts'
import { parseFaults, type StandingFault, strike } from './standingFaults.ts'
import { codeTrouble, type FaultName, type Route, routeOf, type Trouble } from './trouble.ts'

/** What is to go wrong with the next request. */
export type Plan = ({ code: number; as?: 'answer' | 'status' | undefined } | { fault: FaultName }) & {
  /** Only requests about this customer, by the digits of the number. */
  number?: string | undefined
  /** How often; once when nothing is said. */
  times?: number | undefined
  /** Which request; for a code a send, for a fault the one that it is about. */
  on?: Route | undefined
}

/** One thing that went wrong as planned, so that a test can prove that it did. */
export interface Struck {
  at: number
  on: Route
  trouble: Trouble
  number?: string
}

interface Planned {
  trouble: Trouble
  on: Route
  number: string | undefined
  left: number
}

/**
 * All that goes wrong on purpose. What was planned for the next request comes first, then the standing faults with
 * their odds, then what a number's last digits say.
 */
export class Faults {
  private standing: StandingFault[]
  private planned: Planned[] = []
  private readonly log: Struck[] = []
  private readonly passing = new PassingRefusals()

  constructor(
    list: string,
    private readonly chance: Chance,
    private readonly now: () => number,
  ) {
    this.standing = parseFaults(list)
  }

  /** `faults.next({ code: 131056, number })`: the next send to that customer is refused with 131056. */
  next(plan: Plan): void {
    const { on, number, times = 1 } = plan
    // Only a message can fail later: what else is refused is refused at once.
    const as = on === undefined || on === 'send' ? undefined : 'answer'
    const trouble: Trouble = 'code' in plan ? codeTrouble(plan.code, plan.as ?? as) : { fault: plan.fault }
    this.planned.push({
      trouble,
      on: on ?? routeOf(trouble),
      number: number?.replace(/\D/g, ''),
      left: times,
    })
  }

  /** Replaces the standing faults: `429:0.2,5xx`; an empty list ends them. */
  set(list: string): void {
    this.standing = parseFaults(list)
  }

  /** Ends everything: standing and planned. */
  clear(): void {
    this.standing = []
    this.planned = []
  }

  /** What is planned and did not happen yet. */
  pending(): { trouble: Trouble; on: Route; number: string | undefined; left: number }[] {
    return this.planned.map((one) => ({ ...one }))
  }

  /** What went wrong so far, oldest first. */
  struck(): readonly Struck[] {
    return this.log
  }

  /** What goes wrong with the request at hand, if anything. */
  strike(on: Route, number?: string): Trouble | undefined {
    const trouble =
      this.takePlanned(on, number) ?? strike(this.standing, on, this.chance) ?? this.byEnding(on, number)
    if (trouble) this.log.push({ at: this.now(), on, trouble, ...(number === undefined ? {} : { number }) })
    return trouble
  }

  private takePlanned(on: Route, number: string | undefined): Trouble | undefined {
    const plan = this.planned.find(
      (one) => one.on === on && (one.number === undefined || one.number === number),
    )
    if (!plan) return undefined
    plan.left--
    if (plan.left <= 0) this.planned.splice(this.planned.indexOf(plan), 1)
    return plan.trouble
  }

  /** A failure that is told later belongs to the customer, and `statuses.ts` knows it by the same digits. */
  private byEnding(on: Route, number: string | undefined): Trouble | undefined {
    const ending = on === 'send' && number !== undefined ? endingOf(number) : undefined
    if (!ending || ('as' in ending.trouble && ending.trouble.as === 'status')) return undefined
    return ending.isPassing && number !== undefined && !this.passing.isDue(number)
      ? undefined
      : ending.trouble
  }
}
