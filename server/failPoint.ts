/**
 * Faults that a test arms on purpose, through `BATON_TEST_FAULTS` (refused unless `NODE_ENV=test`). With nothing armed each
 * hook is one comparison with null.
 *
 *     kill@after-commit:7     the seventh pass of that step kills the whole process, as `kill -9` does
 *     exit@after-read:2       … ends only the thread that passes
 *     ack-before-commit       breaks a promise, so that the chaos run can prove that it would notice
 */

/** The named steps on the way of a delivery, and of a message that is sent. */
export const FAIL_POINTS = [
  'after-xadd',
  'after-read',
  'before-commit',
  'after-commit',
  'before-ack',
  'after-claim',
  'after-answer',
] as const
export type FailPoint = (typeof FAIL_POINTS)[number]

/** Ways to break a promise. */
export const SABOTAGES = ['ack-before-commit', 'maxlen-trim', 'answer-early', 'resend-expired'] as const
export type Sabotage = (typeof SABOTAGES)[number]

type Armed = {
  sabotages: ReadonlySet<string>
  point: string | null
  isThreadOnly: boolean
  passesLeft: number
}

let armed: Armed | null = null

const KILL = /^(kill|exit)@([a-z-]+):([1-9]\d*)$/

/** Whether every part of the list is known: what the environment is checked with. */
export function areFaults(list: string): boolean {
  return partsOf(list).every((part) => {
    const point = KILL.exec(part)?.[2]
    return point === undefined
      ? SABOTAGES.some((known) => known === part)
      : FAIL_POINTS.some((known) => known === point)
  })
}

/** Arms the faults of the list, for this thread; without a list nothing happens, now or later. */
export function armFaults(list: string | undefined): void {
  if (list === undefined) return
  const parts = partsOf(list)
  const kill = parts.map((part) => KILL.exec(part)).find((match) => match !== null)
  armed = {
    sabotages: new Set(parts),
    point: kill?.[2] ?? null,
    isThreadOnly: kill?.[1] === 'exit',
    passesLeft: Number(kill?.[3] ?? 0),
  }
}

/** A named step was reached. When it is armed and this is the pass, nothing after it happens. */
export function failPoint(point: FailPoint): void {
  if (armed === null || armed.point !== point) return
  armed.passesLeft -= 1
  if (armed.passesLeft > 0) return
  if (armed.isThreadOnly) process.exit(1)
  process.kill(process.pid, 'SIGKILL')
}

/** Whether a promise shall be broken here. */
export function isSabotaged(promise: Sabotage): boolean {
  return armed?.sabotages.has(promise) ?? false
}

function partsOf(list: string): string[] {
  return list.split(',').map((part) => part.trim())
}
