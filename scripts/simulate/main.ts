import { randomInt } from 'node:crypto'
import { isLoopback, runLoad } from './load.ts'
import { type CommandLine, readCommandLine, usage } from './options.ts'
import { startSimulator } from './simulator.ts'

const commandLine = readOrExit()
if (commandLine.load) await load(commandLine, commandLine.load)
else await serve(commandLine)

function readOrExit(): CommandLine {
  try {
    const read = readCommandLine(process.argv.slice(2), process.env)
    if (read !== 'help') return read
    console.log(usage)
    process.exit(0)
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error))
  }
}

async function load(line: CommandLine, what: NonNullable<CommandLine['load']>): Promise<void> {
  if (!isLoopback(line.webhookUrl)) refuse(`Load goes to this machine only, not to ${line.webhookUrl}.`)
  const seed = line.seed ?? randomInt(2 ** 32)
  const result = await runLoad({ ...what, seed, webhookUrl: line.webhookUrl, channel: line.channel })
  console.log(
    `load: sent ${result.sent} · 200 ${result.accepted} · other ${result.other} · ` +
      `p50 ${result.p50Ms.toFixed(1)} ms · p99 ${result.p99Ms.toFixed(1)} ms · seed ${seed}`,
  )
  process.exit(result.accepted === 0 ? 1 : 0)
}

async function serve(line: CommandLine): Promise<void> {
  const { seed, load: _, ...options } = line
  const simulator = await startSimulator({ ...options, ...(seed === undefined ? {} : { seed }) })
  simulator.addNumber()
  console.log(`simulator: phones at ${simulator.url}/`)
  console.log(`simulator: WHATSAPP_API_URL=${simulator.apiUrl}, webhooks go to ${line.webhookUrl}`)
  process.send?.({ kind: 'ready', url: simulator.url })
  const stop = async () => {
    await simulator.stop()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
  // Started by `bun start`: when that is killed, nobody is left to stop this process.
  process.once('disconnect', () => void stop())
}

function refuse(sentence: string): never {
  console.error(`simulate: ${sentence}`)
  process.exit(2)
}
