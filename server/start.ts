import type { Env } from './env.ts'
import { armFaults } from './failPoint.ts'
import type { Log } from './log.ts'
import { startConsuming } from './roles/consume.ts'
import { type Foundation, openFoundation } from './roles/foundation.ts'
import { startJobs } from './roles/jobs.ts'
import { startSending } from './roles/send.ts'
import { startServing } from './roles/serve.ts'

export type RunningServer = {
  /** Where it listens; null when its roles have nothing to listen for. */
  url: string | null
  /** Where the first owner comes in, while nobody works here; to be printed, and never logged. */
  firstLink: string | null
  /** Stops in reverse order: no request without an answer, no batch half stored, no message left in `sending`. */
  stop(): Promise<void>
}

/** What a test may want otherwise. */
export type Settings = Pick<Foundation, 'presenceTimes' | 'siteFolder'>

/** The composition root: opens what the roles need, in order; each role hands every part of it what it works with. */
export async function startServer(env: Env, log: Log, settings: Settings = {}): Promise<RunningServer> {
  const stops: Foundation['stops'] = []
  const stop = async () => {
    for (const close of stops.splice(0).reverse()) await close()
  }
  try {
    return { ...(await open(env, log, stops, settings)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function open(
  env: Env,
  log: Log,
  stops: Foundation['stops'],
  settings: Settings,
): Promise<Pick<RunningServer, 'url' | 'firstLink'>> {
  armFaults(env.testFaults)
  const foundation = { ...(await openFoundation(env, log, stops)), ...settings }
  const { roles } = env
  if (roles.includes('consume')) startConsuming(foundation)
  if (roles.includes('send')) startSending(foundation)
  if (roles.includes('jobs')) await startJobs(foundation)
  return roles.includes('server') ? startServing(foundation) : { url: null, firstLink: null }
}
