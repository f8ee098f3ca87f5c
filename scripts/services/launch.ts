import { bringUp } from './bringUp.ts'
import { openDataDir } from './dataDir.ts'
import { claimInstance } from './instance.ts'
import { type Leaving, listenForLeaving } from './leaving.ts'
import { type Mode, type Parts, stopOrder } from './parts.ts'
import { PlainError } from './plainError.ts'
import { removeRun, writeRun } from './runFile.ts'
import { welcome } from './welcome.ts'

/** Brings up everything, says where it is, waits for the wish to stop, and stops everything in order. */
export async function launch(mode: Mode): Promise<void> {
  const beganAt = performance.now()
  const dataDir = openDataDir()
  const claim = await claimInstance(dataDir.path)
  // What an earlier one said of itself, before it was killed hard, is true no more.
  removeRun(dataDir.path)
  const parts: Parts = {}
  const leaving = listenForLeaving(() => console.log('In a hurry: what does not end at once is ended.'))
  let failure: unknown
  let publish = () => {}
  const notices = {
    say: (line: string) => console.error(`  ! ${line}`),
    onStart: () => publish(),
    onGiveUp: (name: string) => {
      failure = new PlainError(
        `${name} does not stay up, so everything was stopped. Logs: ${dataDir.path}/logs`,
      )
      leaving.ask()
    },
  }
  try {
    const up = await bringUp({ mode, dataDir, parts, asked: leaving.asked, note: claim.note, notices })
    const startedAt = new Date().toISOString()
    publish = () => writeRun(dataDir.path, { ...up.addresses, pids: pidsOf(parts), startedAt })
    publish()
    const seconds = ((performance.now() - beganAt) / 1000).toFixed(1)
    console.log(welcome({ ...up.addresses, ...up, dataDir: dataDir.path, seconds }))
    await leaving.whenAsked
  } catch (error) {
    // Once asked to stop, what is cut short fails, and that is no news.
    if (!leaving.asked.aborted) failure = error
  }
  await stopAll(parts, leaving)
  removeRun(dataDir.path)
  claim.release()
  if (failure) throw failure
  console.log(
    `Everything has stopped; all of it is kept in ${dataDir.path}. The next start goes on from here.`,
  )
  process.exit(0)
}

function pidsOf(parts: Parts): Record<string, number> {
  const pids = stopOrder.flatMap((name) => (parts[name] ? [[name, parts[name].current().pid] as const] : []))
  return { start: process.pid, ...Object.fromEntries(pids) }
}

async function stopAll(parts: Parts, { hurry }: Leaving): Promise<void> {
  const started = stopOrder.filter((name) => parts[name])
  if (started.length > 0) console.log(`\nStopping: ${started.join(', ')} …`)
  for (const name of started) await parts[name]?.stop(hurry)
}
