import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { devDependencies, scripts } from '../../package.json'
import { ROLES } from '../../server/env.ts'

const root = join(import.meta.dir, '../..')
const read = (name: string) => readFileSync(join(import.meta.dir, name), 'utf8')
const units = readdirSync(join(import.meta.dir, 'systemd')).filter((name) => name.endsWith('.service'))

test('every unit starts a program that exists, in a role that exists, and all roles have one', () => {
  const roles = units.map((name) => {
    const unit = read(`systemd/${name}`)
    const program =
      /^ExecStart=\/opt\/baton\/node_modules\/\.bin\/bun --no-env-file (\S+)$/m.exec(unit)?.[1] ?? ''
    expect(existsSync(join(root, program))).toBe(true)
    expect(unit).toContain('Restart=always')
    expect(unit).toMatch(/^MemoryMax=/m)
    return /ROLES=(\w+)/.exec(unit)?.[1] ?? ''
  })
  expect(roles.toSorted()).toEqual([...ROLES].toSorted())
})

test('the target wants every unit', () => {
  const target = read('systemd/baton.target')
  for (const name of units) expect(target).toContain(name.replace('@.service', '@1.service'))
})

test('the image has the Bun that the lock file pins, and every program of the containers exists', () => {
  const images = [...read('Dockerfile').matchAll(/^FROM oven\/bun:([\d.]+)-slim/gm)].map(
    ([, version]) => version,
  )
  expect(images).toEqual([devDependencies.bun, devDependencies.bun])
  for (const [, program = ''] of read('compose.yaml').matchAll(/--no-env-file, (\S+)\]/g)) {
    expect(existsSync(join(root, program))).toBe(true)
  }
})

test('the Redis of the containers has the settings that the promise needs', () => {
  for (const setting of ['--appendonly yes', '--appendfsync always', '--maxmemory-policy noeviction']) {
    expect(read('compose.yaml')).toContain(setting)
  }
})

test('every command that the page of production names is one of ours', () => {
  const page = readFileSync(join(root, 'docs/production.md'), 'utf8')
  for (const [, command = ''] of page.matchAll(/bun run ([\w:]+)/g))
    expect(Object.keys(scripts)).toContain(command)
})
