import { expect, test } from 'bun:test'

/** Pino writes to the file descriptor, so the lines are read from a process of their own. */
function logged(script: string): Record<string, unknown>[] {
  const path = `${import.meta.dir}/log.ts`
  const ran = Bun.spawnSync([
    process.execPath,
    '-e',
    `const { createLog } = await import(${JSON.stringify(path)}); const log = createLog({ level: 'info', name: 'test' }); ${script}`,
  ])
  expect(ran.exitCode).toBe(0)
  return ran.stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('secrets are cut out wherever they ride along', () => {
  const [line] = logged(
    `log.info({ headers: { authorization: 'Bearer s3', cookie: 's3', 'set-cookie': 's3' }, token: 's3', a: { b: { token: 's3' } } }, 'x')`,
  )
  expect(JSON.stringify(line)).not.toContain('s3')
  expect(line).toMatchObject({ name: 'test', msg: 'x', token: '[redacted]' })
})

test('a failed query is logged without its parameters', () => {
  const [line] = logged(
    `const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(ana@x)' });
     const error = Object.assign(new Error('Failed query: insert params: ana@x'), { query: 'insert', params: ['ana@x'] });
     error.cause = cause; log.error({ err: error }, 'x')`,
  )
  expect(JSON.stringify(line)).not.toContain('ana@x')
  expect(line).toMatchObject({ err: { message: 'query failed: duplicate key', code: '23505' } })
})
