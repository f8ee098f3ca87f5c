import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { commands, kill, type Model, type Real } from './lockModel.ts'
import { type LockRig, startLockRig } from './lockRig.ts'

/** `LOCK_MODEL_RUNS=10000 bun run test scripts/testing/lockModel.test.ts` is the long mode; `LOCK_MODEL_SEED` repeats one. */
const RUNS = Number(process.env.LOCK_MODEL_RUNS ?? 60)
const SEED = process.env.LOCK_MODEL_SEED
/** One in so many runs kills Redis in the middle. */
const KILLS = 20
const MOST_COMMANDS = 25
const MS_PER_RUN = 2000

let rig: LockRig
beforeAll(async () => {
  rig = await startLockRig()
})
afterAll(() => rig.stop())

async function start(rig: LockRig): Promise<{ model: Model; real: Real }> {
  const conversationId = await rig.startConversation()
  return {
    model: { fence: 0, writer: null, lock: null, claim: null, knows: new Map(), stalled: 0 },
    real: { rig, conversationId, stalled: [], writers: new Map() },
  }
}

test(
  'whatever agents, time, crashes and sleeping processes do, each fence has at most one writer',
  async () => {
    let killed = 0
    const property = fc.asyncProperty(commands(MOST_COMMANDS), commands(5), async (first, second) => {
      const { model, real } = await start(rig)
      const setUp = () => ({ model, real })
      try {
        await fc.asyncModelRun(setUp, first)
        if (killed++ % KILLS === KILLS - 1) await kill.run(model, real)
        await fc.asyncModelRun(setUp, second)
      } finally {
        for (const { resume } of real.stalled) await resume()
      }
    })
    const seed = SEED === undefined ? {} : { seed: Number(SEED) }
    await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: RUNS * MS_PER_RUN, ...seed })
    expect(killed).toBeGreaterThanOrEqual(RUNS)
  },
  RUNS * MS_PER_RUN,
)

test('the model notices a heartbeat that brings a lost lock back', async () => {
  const resurrecting: LockRig = {
    ...rig,
    locks: (process) => {
      const locks = rig.locks(process)
      return { ...locks, heartbeat: (agent, at) => locks.acquire(agent, at) }
    },
  }
  const property = fc.asyncProperty(commands(MOST_COMMANDS), async (all) => {
    const { model, real } = await start(resurrecting)
    try {
      await fc.asyncModelRun(() => ({ model, real }), all)
    } finally {
      for (const { resume } of real.stalled) await resume()
    }
  })
  expect((await fc.check(property, { numRuns: 200, endOnFailure: true })).failed).toBe(true)
})
