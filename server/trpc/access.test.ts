import { expect, test } from 'bun:test'
import { operationsOf, parametersIn, propertiesOf } from '../http/rest/operation.ts'
import { accessOf } from './access.ts'
import { appRouter } from './router.ts'

const names = Object.keys(appRouter._def.procedures)

test('every procedure says which scope a key needs', () => {
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => accessOf(name) === undefined)).toEqual([])
})

test('what nobody has to prove is only what the pages for signing in, a new password, an invitation and the first owner show', () => {
  expect(names.filter((name) => accessOf(name)?.scope === 'anyone').toSorted()).toEqual([
    'auth.demo',
    'auth.provider',
    'passwords.forgot',
    'passwords.link',
    'passwords.reset',
    'passwords.ways',
    'people.acceptInvite',
    'people.invitation',
    'setup.found',
    'setup.link',
  ])
})

test('no two procedures stand at one address, and each name in a path is one of the input', () => {
  const operations = operationsOf(appRouter)
  const addresses = operations.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)
  expect(addresses.toSorted()).toEqual([...new Set(addresses)].toSorted())
  for (const { name, path, input } of operations) {
    const known = Object.keys(propertiesOf(input))
    expect([name, parametersIn(path).filter((parameter) => !known.includes(parameter))]).toEqual([name, []])
  }
})
