import { expect, test } from 'bun:test'
import { CANNED_PLACES } from '../../../../server/inbox/cannedPlaces.ts'
import { PLACES, preview, withPlace } from './places.ts'

test('each place that the server fills is offered, and no other', () => {
  expect(PLACES.map(({ place }) => place).sort()).toEqual([...CANNED_PLACES].sort())
})

test('the preview fills what it knows and shows what nothing fills', () => {
  expect(preview('Hello {{contact.first_name}}, {{ agent.name }} of {{shop}}.', 'Ana Reis')).toEqual([
    { kind: 'text', text: 'Hello ' },
    { kind: 'place', text: 'Sheena', isKnown: true },
    { kind: 'text', text: ', ' },
    { kind: 'place', text: 'Ana Reis', isKnown: true },
    { kind: 'text', text: ' of ' },
    { kind: 'place', text: '{{shop}}', isKnown: false },
    { kind: 'text', text: '.' },
  ])
})

test('a place is put where the caret stands, in the place of what is selected', () => {
  expect(withPlace('Hello you!', 'contact.name', { start: 6, end: 9 })).toEqual({
    body: 'Hello {{contact.name}}!',
    caret: 22,
  })
})
