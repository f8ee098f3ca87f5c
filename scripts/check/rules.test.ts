import { expect, test } from 'bun:test'
import { importsOf } from './imports.ts'
import { breaches } from './rules.ts'

const lines = (file: string, source: string) => breaches(file, source).map(({ line }) => line)

test('the inbox that imports a transport, Redis or the network is found', () => {
  expect(lines('server/inbox/a.ts', "import { Hono } from 'hono'\nimport { z } from 'zod'")).toEqual([1])
  expect(lines('server/inbox/a.ts', "import {\n  Redis,\n} from 'ioredis'")).toEqual([3])
  expect(lines('server/inbox/a.ts', 'await fetch(url) // why')).toEqual([1])
  expect(lines('server/inbox/a.ts', "import { bell } from '../live/bell.ts'")).toEqual([1])
  expect(
    lines('server/inbox/a.ts', "import { db } from '../../db/client.ts'\nimport { x } from './x.ts'"),
  ).toEqual([])
})

test('the product that speaks of the simulator or imports a script is found', () => {
  expect(lines('server/http/a.ts', '// the simulator does this')).toEqual([1])
  expect(lines('server/http/a.ts', "import { launch } from '../../scripts/services/launch.ts'")).toEqual([1])
})

test('the browser takes types from the server and nothing else', () => {
  expect(lines('web/src/lib/a.ts', "import type { Row } from '#server/inbox/row.ts'")).toEqual([])
  expect(lines('web/src/lib/a.ts', "import { row } from '#server/inbox/row.ts'")).toEqual([1])
  expect(
    lines('web/src/lib/a.svelte', "<script>\nimport { row } from '../../../server/inbox/row.ts'"),
  ).toEqual([2])
})

test('the client for developers brings nothing of the server along', () => {
  const source = "import type { Row } from '../trpc/row.ts'\nimport { row } from '../trpc/row.ts'"
  expect(lines('server/client/a.ts', source)).toEqual([2])
  expect(lines('server/client/a.ts', "import { z } from 'zod'\nimport { b } from './b.ts'")).toEqual([1])
})

test('the environment is read in one place', () => {
  expect(lines('server/http/a.ts', 'const port = process.env.PORT')).toEqual([1])
  expect(lines('server/env.ts', 'const port = process.env.PORT')).toEqual([])
})

test('a side of the page that is named left or right is found, in classes and in styles', () => {
  const sided = [
    '<p class="ml-2">',
    '<p class={[`-mr-1`]}>',
    'p { padding-left: 4px }',
    'p { right: 0 }',
    '<p class="text-left">',
  ]
  for (const line of sided) expect(lines('web/src/components/a.svelte', line)).toEqual([1])
  const logical = ['<p class="ms-2 top-1/2 left-1/2">', 'p { inset-inline-end: 0 }', '<i class="html-x">']
  for (const line of logical) expect(lines('web/src/components/a.svelte', line)).toEqual([])
})

test('a text that is made into markup or a program is found, wherever it stands in the web', () => {
  const made = [
    '<p>{@html message.body}</p>',
    '* { @html message.body }',
    '// {@html x}',
    '<p bind:innerHTML={body}></p>',
    'element.innerHTML = body',
    'element.outerHTML = body',
    "element.insertAdjacentHTML('beforeend', body)",
    'document.write(body)',
    'document .writeln(body)',
    'range.createContextualFragment(body)',
    'element.setHTMLUnsafe(body)',
    "new DOMParser().parseFromString(body, 'text/html')",
    '<iframe srcdoc={body}></iframe>',
    'new Function(body)()',
    'eval(body)',
  ]
  for (const line of made) {
    expect([line, lines('web/src/components/a.svelte', line)]).toEqual([line, [1]])
    expect([line, lines('web/src/lib/a.svelte.ts', line)]).toEqual([line, [1]])
    expect([line, lines('scripts/simulate/page/a.ts', line)]).toEqual([line, [1]])
  }
  const shown = [
    '<p>{message.body}</p>',
    '{@render children()}',
    '{@const html = 1}',
    'element.textContent = body',
  ]
  for (const line of shown) expect(lines('web/src/components/a.svelte', line)).toEqual([])
})

test('imports are read with their line and kind', () => {
  const source =
    "import type { A } from './a.ts'\nimport './b.ts'\nexport {\n  c,\n} from './c.ts'\nawait import('./d.ts')"
  expect(importsOf(source)).toEqual([
    { specifier: './a.ts', line: 1, isTypeOnly: true },
    { specifier: './b.ts', line: 2, isTypeOnly: false },
    { specifier: './c.ts', line: 5, isTypeOnly: false },
    { specifier: './d.ts', line: 6, isTypeOnly: false },
  ])
})
