import { expect, test } from 'bun:test'
import { eventually } from '../../server/testing/eventually.ts'
import { type Part, supervise } from './supervise.ts'

/** A part whose end is in the test's hands. */
function fakePart() {
  const end = Promise.withResolvers<string>()
  const part: Part = { pid: 1, exited: end.promise, stop: async () => end.resolve('SIGTERM') }
  return { part, die: () => end.resolve('SIGKILL') }
}

function supervised(startLater: () => Promise<Part>) {
  const first = fakePart()
  const said: string[] = []
  const givenUp: string[] = []
  let starts = 0
  const start = () => (starts++ === 0 ? Promise.resolve(first.part) : startLater())
  const options = { name: 'server', start, firstPauseMs: 10, say: (line: string) => said.push(line) }
  const ready = supervise({ ...options, onGiveUp: (name) => givenUp.push(name) })
  return { ready, first, said, givenUp, starts: () => starts }
}

test('a part that dies is started again, and both are said', async () => {
  const second = fakePart()
  const { ready, first, said } = supervised(async () => second.part)
  const server = await ready
  first.die()
  await eventually(() => server.current() === second.part)
  await eventually(() => said.length === 2)
  expect(said[0]).toBe('server ended unexpectedly (SIGKILL).')
  expect(said[1]).toContain('server runs again')
  await server.stop()
})

test('a part that was asked to stop is not started again', async () => {
  const { ready, starts, said } = supervised(async () => fakePart().part)
  await (await ready).stop()
  expect(starts()).toBe(1)
  expect(said).toEqual([])
})

test('a part that never comes back is given up, aloud', async () => {
  const { ready, first, givenUp, said } = supervised(() => Promise.reject(new Error('port 3000 is taken')))
  const server = await ready
  first.die()
  await eventually(() => givenUp.length === 1)
  expect(said).toContain('port 3000 is taken')
  await server.stop()
})
