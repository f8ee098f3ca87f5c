import { PlainError } from './plainError.ts'
import { freePort, isPortFree } from './port.ts'

const defaultPort = 3000
const highestPort = 65_535

/** The port of the inbox: `PORT`, 3000 without it, a free one for 0. A taken one is refused with a way out. */
export async function inboxPort(wanted: string | undefined, host: string): Promise<number> {
  const port = wanted ? Number(wanted) : defaultPort
  if (!Number.isInteger(port) || port < 0 || port > highestPort) {
    throw new PlainError(
      `PORT is ${wanted}: it must be a number from 0 (picks a free one) to ${highestPort}.`,
    )
  }
  if (port === 0) return freePort(host)
  if (await isPortFree(port, host)) return port
  throw new PlainError(
    `Port ${port} is taken by another program. Set PORT=${port + 1}, or PORT=0 for any free one, and start again.`,
  )
}

/** A port that stays the same from start to start when it can: this one, else a free one. */
export async function preferPort(port: number): Promise<number> {
  return port <= highestPort && (await isPortFree(port)) ? port : freePort()
}
