import { beforeAll, expect, test } from 'bun:test'
import { type ApiDescription, DESCRIPTION_FILE, describeApi } from './describe.ts'

let described: ApiDescription
beforeAll(() => {
  described = describeApi()
}, 60_000)

test('the description of the API is that of the sources (else: bun run api:describe)', async () => {
  expect(await Bun.file(DESCRIPTION_FILE).json()).toEqual(described)
})

test('a type is told as it looks after JSON: what may be null says so, unions name their words, docstrings go along', () => {
  const { procedures, definitions } = described
  expect(procedures['live.feed']?.output).toEqual({ $ref: '#/components/schemas/FeedItem' })
  expect(procedures['conversations.list']?.about).toStartWith('A page of a view, filtered and sorted')
  expect(definitions.MessageSnapshot?.properties).toMatchObject({
    direction: { enum: ['in', 'note', 'out'] },
    body: { type: ['string', 'null'], description: expect.stringContaining('Text, caption or title') },
    attempt: { type: 'number' },
    isLate: { type: 'boolean' },
  })
})
