import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCommandLine } from './options.ts'
import { startReceiver } from './testing/receiver.ts'

const folder = mkdtempSync(join(tmpdir(), 'baton-simulate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const main = join(import.meta.dir, 'main.ts')
const run = async (...args: string[]) => {
  const child = Bun.spawn([process.execPath, '--no-env-file', main, ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, out, err }
}

test('a parent process is told the URL, and SIGTERM ends the simulator cleanly', async () => {
  let ready: (message: { kind: string; url: string }) => void = () => {}
  const told = new Promise<{ kind: string; url: string }>((resolve) => {
    ready = resolve
  })
  const child = Bun.spawn([process.execPath, '--no-env-file', main, '--data-dir', folder], {
    stdout: 'ignore',
    stderr: 'inherit',
    ipc: (message: { kind: string; url: string }) => ready(message),
  })
  const { kind, url } = await told
  expect(kind).toBe('ready')
  const page = await (await fetch(url)).text()
  expect(page).toContain('Simulated phones.')
  child.kill('SIGTERM')
  expect(await child.exited).toBe(0)
})

test('an unknown fault is one clear line and exit code 2', async () => {
  const { code, err } = await run('--faults', 'earthquake')
  expect(code).toBe(2)
  expect(err.trim().split('\n')).toHaveLength(1)
  expect(err).toContain('Unknown fault "earthquake"')
})

test('load goes to this machine only', async () => {
  const { code, err } = await run(
    '--rate',
    '1',
    '--duration',
    '1',
    '--webhook-url',
    'https://example.com/hook',
  )
  expect(code).toBe(2)
  expect(err).toContain('this machine only')
})

test('load posts the asked number of signed messages and sums up in one line', async () => {
  const receiver = startReceiver()
  const { code, out } = await run(
    '--rate',
    '200',
    '--duration',
    '0.3',
    '--customers',
    '5',
    '--webhook-url',
    receiver.url,
  )
  expect(code).toBe(0)
  expect(out).toMatch(/^load: sent 60 · 200 60 · other 0 · p50 [\d.]+ ms · p99 [\d.]+ ms · seed \d+\n$/)
  expect(new Set(receiver.messages().map((message) => message.id)).size).toBe(60)
  await receiver.stop()
})

test('flags win over the environment, which wins over the demo', () => {
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ url: 'http://127.0.0.1:4100', simulatorUrl: '' }))
  const env = { DATA_DIR: folder, WHATSAPP_APP_SECRET: 'new, old', WHATSAPP_ACCESS_TOKEN: 'from-env' }
  const read = readCommandLine(['--access-token', 'from-flag'], env)
  if (read === 'help') throw new Error('asked for no help')
  expect(read.webhookUrl).toBe('http://127.0.0.1:4100/webhooks/whatsapp')
  expect(read.channel).toMatchObject({
    appSecret: 'new',
    accessToken: 'from-flag',
    phoneNumberId: '106540352242922',
  })
})
