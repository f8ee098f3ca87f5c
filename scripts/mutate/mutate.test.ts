import { expect, test } from 'bun:test'
import { AREAS } from './areas.ts'
import { mutated } from './mutant.ts'
import { mutantsOf } from './mutantsOf.ts'
import { tryMutants } from './tryMutants.ts'

/** The mutants of one line, as texts. */
const of = (source: string) => mutantsOf(source).map((mutant) => mutated(source, mutant))

test('conditions, operators, constants, statements and awaits are changed, one at a time', () => {
  expect(of('const a = b === c')).toEqual(['const a = b !== c'])
  expect(of('const a = b && !c')).toEqual(['const a = b || !c', 'const a = b && c'])
  expect(of('const a = b < 3')).toEqual(['const a = b <= 3', 'const a = b < 4'])
  expect(of('const a = true')).toEqual(['const a = false'])
  expect(of("const a = 'word'")).toEqual(["const a = ''"])
  expect(of('const a = /^x$/')).toEqual(['const a = /x$/', 'const a = /^x/'])
  expect(of('const a = [b]')).toEqual(['const a = []'])
  expect(of('const a = b.some(c)')).toEqual(['const a = b.every(c)'])
  expect(of('const a = await b')).toEqual(['const a = b'])
  expect(of('act()')).toEqual([''])
  expect(of('if (a) {}')).toEqual(['if (true) {}', 'if (false) {}'])
  expect(of('const a = b ? c : d')).toEqual(['const a = true ? c : d', 'const a = false ? c : d'])
  expect(of('function f() { return a }')).toEqual(['function f() { return undefined }'])
  expect(of('function f() { throw a }')).toEqual(['function f() {  }'])
})

test('SQL is changed too, and other templates are not', () => {
  expect(of('const a = sql`x = ${y} and z is null`')).toEqual([
    'const a = sql`x <> ${y} and z is null`',
    'const a = sql`x = ${y} or z is null`',
    'const a = sql`x = ${y} and z is not null`',
  ])
  expect(of('const a = `x = ${y} and z`')).toEqual([])
})

test('types, imports, names of properties and sentences are left alone', () => {
  for (const source of [
    "import { a } from './a.ts'",
    "import type { A } from './a.ts'",
    "type A = 'word' | true | 3",
    "const a: 'word' = b",
    "const a = { 'content-type': b }",
    "const a = 'You may not do this.'",
  ])
    expect([source, of(source)]).toEqual([source, []])
})

test('every mutant of the signature is noticed; those of the rest are tried by `bun run mutate`', async () => {
  const area = AREAS.find(({ name }) => name === 'signature')
  if (!area) throw new Error('There is no such area')
  const tried = await tryMutants(area, { env: {}, atOnce: 2, say: () => {} })
  expect(tried.length).toBeGreaterThan(15)
  expect(tried.filter(({ fate }) => fate !== 'killed')).toEqual([])
}, 180_000)
