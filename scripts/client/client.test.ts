import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from '../../server/inbox/apiKey.ts'
import { post, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { root } from '../install.ts'
import { apiKeyFor } from '../testing/apiKey.ts'
import { type SignedIn, signIn } from '../testing/client.ts'
import { type Stack, startStack } from '../testing/stack.ts'
import { createEmptyProject, type EmptyProject } from './emptyProject.ts'

const WITHIN_MS = 120_000
let stack: Stack
let ana: SignedIn
let project: EmptyProject

beforeAll(async () => {
  ;[stack, project] = await Promise.all([startStack(), createEmptyProject()])
  ana = await signIn(stack.url, 'ana@demo.baton')
  await post(stack.url, textDelivery('wamid.readme.first', 'Is the sofa still there?'))
  await eventually(async () => (await newest())?.lastMessage?.body === 'Is the sofa still there?')
}, WITHIN_MS)
afterAll(async () => {
  await ana?.close()
  await stack?.stop()
  project?.remove()
}, WITHIN_MS)

const newest = async () => (await ana.trpc.conversations.list.query({})).conversations.at(0)

/** The example of the README. */
function example(): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, lines] = /```ts\n(import \{ batonError, createBatonClient \}[\s\S]*?)```/.exec(readme) ?? []
  if (lines === undefined) throw new Error('The README has no example of createBatonClient')
  return lines
}

/** Writes the example for this stack: nothing but the two literals at its top is another. */
async function writeExample(scopes: readonly Scope[]): Promise<void> {
  const key = await apiKeyFor(stack.databaseUrl, 'ana@demo.baton', scopes)
  const put = (text: string, from: string, to: string) => {
    expect(text.split(from)).toHaveLength(2)
    return text.replace(from, to)
  }
  const text = put(put(example(), "'http://localhost:3000'", `'${stack.url}'`), "'baton_…'", `'${key}'`)
  await Bun.write(join(project.folder, 'example.ts'), text)
}

/** Runs the example, which follows the feed until it is stopped. */
function start() {
  const program = Bun.spawn([process.execPath, 'example.ts'], {
    cwd: project.folder,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const lines: string[] = []
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const bytes of stream) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    }
  }
  void read(program.stdout)
  void read(program.stderr)
  return {
    lines,
    stop: async () => {
      program.kill()
      await program.exited
    },
  }
}

describe('the example of the README, in an empty project that has the tarball', () => {
  test(
    'compiles under the strictest settings, and not when it asks for what is not there',
    async () => {
      await writeExample(['read', 'write'])
      expect(await project.run('x', 'tsc')).toEqual({ code: 0, output: '\n' })
      const path = join(project.folder, 'example.ts')
      await Bun.write(
        path,
        example().replace("view: 'all'", "view: 'nonsense'").replace('unreadCount', 'unread'),
      )
      const { code, output } = await project.run('x', 'tsc')
      expect(code).not.toBe(0)
      expect(output).toContain('"nonsense"')
      expect(output).toContain("Property 'unread' does not exist")
    },
    WITHIN_MS,
  )

  test(
    'lists, follows the feed through a restart of the server, and sends',
    async () => {
      const { conversations } = await ana.trpc.conversations.list.query({})
      await writeExample(['read', 'write'])
      const program = start()
      const queued = await eventually(() => program.lines.find((line) => line.startsWith('Queued as ')), {
        withinMs: 20_000,
      })
      for (const { contact, unreadCount } of conversations) {
        expect(program.lines).toContain(`${contact.name ?? contact.phone}: ${unreadCount} unread`)
      }
      const [conversation] = conversations
      const { messages } = await ana.trpc.messages.list.query({ conversationId: conversation?.id ?? '' })
      expect(messages.at(-1)).toMatchObject({ body: 'Yes, in both warehouses.', agent: { name: 'Ana' } })
      expect(queued).toBe(`Queued as ${messages.at(-1)?.id}`)

      const heard = (words: string) => program.lines.filter((line) => line.endsWith(words))
      await post(stack.url, textDelivery('wamid.readme.before', 'Before the restart'))
      await eventually(() => heard(' Before the restart').length > 0)
      await stack.restartServer()
      await post(stack.url, textDelivery('wamid.readme.after', 'After the restart'))
      await eventually(() => heard(' After the restart').length > 0, { withinMs: 20_000 })
      for (const words of [' Yes, in both warehouses.', ' Before the restart', ' After the restart']) {
        expect([words, heard(words).length]).toEqual([words, 1])
      }
      expect(program.lines.filter((line) => line.startsWith('The feed ended'))).toEqual([])
      await program.stop()
    },
    WITHIN_MS,
  )

  test(
    'reads why it was refused',
    async () => {
      await writeExample(['read'])
      const program = start()
      const refused = await eventually(() => program.lines.find((line) => line.startsWith('Refused: ')), {
        withinMs: 20_000,
      })
      expect(refused).toStartWith('Refused: SCOPE_MISSING This API key has not the scope write')
      await program.stop()
    },
    WITHIN_MS,
  )
})
