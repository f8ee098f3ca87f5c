import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../entry.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator.ts'
import { startReceiver } from './receiver.ts'

const atOnce = { sentMs: [0, 2], deliveredMs: [0, 2], readMs: [0, 2] } as const
const quickRetry = { firstMs: 2, ceilingMs: 10, giveUpMs: 60_000, timeoutMs: 2000 }
export const sheena = '16505551234'

/** A simulator without delays, its webhook, and a business that sends; all of it goes away with `stop`. */
export async function openDesk(options: Partial<SimulatorOptions> = {}) {
  const receiver = startReceiver()
  const simulators: Simulator[] = []
  const folder = mkdtempSync(join(tmpdir(), 'baton-simulator-'))
  const start = async () => {
    const simulator = await startSimulator({
      webhookUrl: receiver.url,
      delays: atOnce,
      retry: quickRetry,
      dataDir: folder,
      seed: 1,
      ...options,
    })
    simulators.push(simulator)
    return simulator
  }
  const simulator = await start()
  return {
    receiver,
    simulator,
    folder,
    /** A second run over the same journal. */
    restart: start,
    send: (body: JsonObject) => send(simulator, body),
    stop: async () => {
      await Promise.all(simulators.map((one) => one.stop()))
      await receiver.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function send(simulator: Simulator, body: JsonObject, accessToken = 'demo-access-token') {
  const answer = await fetch(`${simulator.apiUrl}/${simulator.channel.phoneNumberId}/messages`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', ...body }),
  })
  const json = (await answer.json()) as JsonObject & {
    messages?: { id: string }[]
    error?: { code: number; message: string; error_subcode?: number; fbtrace_id: string; type: string }
  }
  return { http: answer.status, json, wamid: json.messages?.[0]?.id ?? '' }
}

/** A text from the business to Sheena. */
export function text(body: string, more: JsonObject = {}): JsonObject {
  return { to: `+${sheena}`, type: 'text', text: { body }, ...more }
}
