import { isPortFree } from '../services/port.ts'

/** Below the range from which systems take the ports of outgoing connections. */
const LOWEST = 20_000
const HIGHEST = 31_999
const TRIES = 200

/**
 * A free port that nobody takes by accident while its server is down: clients that try again and again use up ports of the
 * ephemeral range, and one of them (even a connection to itself) may sit on the very port that is wanted.
 */
export async function steadyPort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isPortFree(port)) return port
  }
  throw new Error(`No port between ${LOWEST} and ${HIGHEST} is free`)
}
