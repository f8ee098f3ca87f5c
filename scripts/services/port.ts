import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'

/** True when this process could listen there now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return listenOnce(port, host).then(
    () => true,
    () => false,
  )
}

/**
 * Below the range from which systems take the ports of outgoing connections (32768 and up on Linux): there, a client that
 * tries to reach a server that is down could itself be given that server's port, and the server could not come back.
 */
const firstPort = 15_000
const lastPort = 32_000

/** A port that nobody listens on. Somebody may take it before the caller does, so callers try again. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(firstPort, lastPort)
    if (await isPortFree(port, host)) return port
  }
  return listenOnce(0, host)
}

/** The port that a file remembers, while it is free; else another one, which the file then remembers. */
export async function keptPort(file: string, preferred?: number): Promise<number> {
  for (const port of [rememberedPort(file), preferred]) {
    if (port && (await isPortFree(port))) return keepPort(file, port)
  }
  return keepPort(file, await freePort())
}

/** The port in a file that keptPort wrote. */
export function rememberedPort(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

/** Writes a port where keptPort looks for it. */
export function keepPort(file: string, port: number): number {
  writeFileSync(file, `${port}\n`)
  return port
}

function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      const taken = typeof address === 'object' && address ? address.port : port
      server.close(() => resolve(taken))
    })
  })
}
