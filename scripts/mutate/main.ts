import { parseArgs } from 'node:util'
import { migrate } from '../../db/migrate.ts'
import { ensureDatabase } from '../services/ensureDatabase.ts'
import { failWith, PlainError } from '../services/plainError.ts'
import { findRedis } from '../services/redisProgram.ts'
import { startTestServers, template } from '../services/testRun.ts'
import { AREAS } from './areas.ts'
import { figuresOf, lineOf, writeMutationFigures } from './report.ts'
import { type Tried, tryMutants } from './tryMutants.ts'

const help = `bun run mutate [--only signature,policy] [--at-once 2] [--write]

Changes one small thing at a time in the code that must not be wrong (signature, policy, lock, deduplication) and runs the
tests that are about it. Prints what none of them noticed; fails when fewer are noticed than the area's floor.

  --only NAME,…   areas: ${AREAS.map(({ name }) => name).join(', ')}
  --at-once N     processes at the same time (2)
  --write         writes docs/figures-mutation.md; only with all areas`

try {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      'at-once': { type: 'string', default: '2' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) console.log(help)
  else await mutate(values.only?.split(',') ?? null, Number(values['at-once']), values.write)
} catch (error) {
  failWith(error instanceof TypeError ? new PlainError(`${error.message}\n\n${help}`) : error)
}

async function mutate(only: string[] | null, atOnce: number, isWritten: boolean): Promise<void> {
  const areas = AREAS.filter(({ name }) => only === null || only.includes(name))
  if (areas.length === 0) throw new PlainError(`There is no such area.\n\n${help}`)
  const servers = await startTestServers(await findRedis(() => {}))
  try {
    await ensureDatabase(servers.adminUrl, template)
    await migrate(servers.templateUrl)
    const all: Tried[] = []
    const figures = []
    for (const area of areas) {
      const tried = await tryMutants(area, { env: servers.env, atOnce, say: (line) => console.log(line) })
      all.push(...tried)
      const found = figuresOf(area, tried)
      figures.push(found)
      console.log(lineOf(found))
    }
    if (isWritten && only === null) writeMutationFigures(figures, all, new Date())
    if (figures.some(({ percent, floor }) => percent < floor)) process.exitCode = 1
  } finally {
    await servers.stop()
  }
}
