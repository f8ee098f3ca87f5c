import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type Channel, demoChannel } from './channel.ts'
import { parseFaults } from './faults/standingFaults.ts'
import type { LimitSettings } from './limits.ts'

export interface CommandLine {
  host: string
  port: number
  webhookUrl: string
  channel: Channel
  dataDir: string
  faults: string
  limits: Partial<LimitSettings>
  seed: number | undefined
  load: { ratePerSecond: number; durationSeconds: number; customers: number } | undefined
}

export const usage = `bun run simulate [options]

  --port N                  where the phones and the Graph API listen (0 picks one)
  --host ADDRESS            127.0.0.1
  --webhook-url URL         default: the running instance's, else http://127.0.0.1:3000/webhooks/whatsapp
  --data-dir FOLDER         journal and files of the phones (default: <DATA_DIR>/simulator)
  --app-secret, --verify-token, --access-token,
  --phone-number-id, --display-number, --business-account-id
                            default: the WHATSAPP_… variables, then the demo's values
  --faults LIST             each may have odds, as in 429:0.2,131026:0.05
                            sends: timeout-after-accept, reset-after-accept, reset-before-reply, bad-gateway,
                            slow-answer, token-expired, 429, 5xx, pair-limit, throughput, or any error code
                            files: slow-media, expired-media-url, wrong-sha256, cross-host-redirect,
                            foreign-media-url
  --limits N                refuse as WhatsApp does: N messages a second, and one each 6 seconds to one customer
                            with a burst of 45 (default: no limits)
  --seed N                  repeats the same delays, faults and load
  --rate N --duration S     only load: N signed messages a second for S seconds, from --customers (500) people
`

/** Reads flags and environment; throws one sentence when something is wrong. */
export function readCommandLine(
  argv: string[],
  env: Record<string, string | undefined>,
): CommandLine | 'help' {
  const { values: flags } = parseArgs({
    args: argv,
    options: {
      help: { type: 'boolean', short: 'h' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      'webhook-url': { type: 'string' },
      'data-dir': { type: 'string' },
      'app-secret': { type: 'string' },
      'verify-token': { type: 'string' },
      'access-token': { type: 'string' },
      'phone-number-id': { type: 'string' },
      'display-number': { type: 'string' },
      'business-account-id': { type: 'string' },
      faults: { type: 'string', default: '' },
      limits: { type: 'string' },
      seed: { type: 'string' },
      rate: { type: 'string' },
      duration: { type: 'string' },
      customers: { type: 'string', default: '500' },
    },
  })
  if (flags.help) return 'help'
  parseFaults(flags.faults)
  const dataDir = env.DATA_DIR || '.data'
  const webhookUrl = flags['webhook-url'] ?? webhookOf(dataDir)
  if (!URL.canParse(webhookUrl)) throw new Error(`--webhook-url is not a URL: ${webhookUrl}`)
  return {
    host: flags.host,
    port: numberFlag('port', flags.port, 0, 65_535),
    webhookUrl,
    dataDir: flags['data-dir'] ?? join(dataDir, 'simulator'),
    faults: flags.faults,
    limits: limitsOf(flags.limits),
    seed: flags.seed === undefined ? undefined : numberFlag('seed', flags.seed, 0, 2 ** 32 - 1),
    channel: {
      ...demoChannel,
      ...chosen('appSecret', flags['app-secret'], env.WHATSAPP_APP_SECRET?.split(',')[0]?.trim()),
      ...chosen('verifyToken', flags['verify-token'], env.WHATSAPP_VERIFY_TOKEN),
      ...chosen('accessToken', flags['access-token'], env.WHATSAPP_ACCESS_TOKEN),
      ...chosen('phoneNumberId', flags['phone-number-id'], env.WHATSAPP_PHONE_NUMBER_ID),
      ...chosen('businessAccountId', flags['business-account-id'], env.WHATSAPP_BUSINESS_ACCOUNT_ID),
      ...chosen('displayNumber', flags['display-number'], undefined),
    },
    load: loadOf(flags),
  }
}

function loadOf(flags: { rate?: string; duration?: string; customers: string }): CommandLine['load'] {
  if (flags.rate === undefined && flags.duration === undefined) return undefined
  if (flags.rate === undefined || flags.duration === undefined) {
    throw new Error('--rate and --duration go together.')
  }
  return {
    ratePerSecond: numberFlag('rate', flags.rate, 0.1, 100_000),
    durationSeconds: numberFlag('duration', flags.duration, 0.1, 86_400),
    customers: numberFlag('customers', flags.customers, 1, 1_000_000),
  }
}

function limitsOf(flag: string | undefined): Partial<LimitSettings> {
  if (flag === undefined) return {}
  return { throughputPerSecond: numberFlag('limits', flag, 1, 100_000), isPairLimited: true }
}

function numberFlag(name: string, value: string, lowest: number, highest: number): number {
  const parsed = Number(value)
  if (value.trim() !== '' && parsed >= lowest && parsed <= highest) return parsed
  throw new Error(`--${name} must be a number from ${lowest} to ${highest}, not "${value}".`)
}

function chosen(
  key: keyof Channel,
  flag: string | undefined,
  variable: string | undefined,
): Partial<Channel> {
  const value = flag || variable
  return value ? { [key]: value } : {}
}

/** The webhook of the instance that runs over this data folder, as its run file tells. */
function webhookOf(dataDir: string): string {
  const path = '/webhooks/whatsapp'
  const file = join(dataDir, 'run.json')
  if (!existsSync(file)) return `http://127.0.0.1:3000${path}`
  const run = z.object({ url: z.url() }).safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!run.success) throw new Error(`${file} names no url; say --webhook-url.`)
  return new URL(path, run.data.url).href
}
