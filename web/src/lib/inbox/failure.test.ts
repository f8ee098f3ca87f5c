import { expect, test } from 'bun:test'
import { TREATMENTS, treatmentOf } from '../../../../server/whatsapp/graphError.ts'
import { failureInWords, failureOf } from './failure.ts'
import { FAILURES, type Failure } from './failureTable.ts'

const byCode: Record<number, Failure> = FAILURES
const errorOf = (code: number) => ({ code, title: `Title of ${code}`, details: null })

test('every code that the server knows is said in whole, plain sentences, with what to do', () => {
  expect(Object.keys(FAILURES)).toEqual(Object.keys(TREATMENTS))
  for (const [code, { happened, advice }] of Object.entries(FAILURES)) {
    expect(`${code} ${happened}`).toMatch(/^\d+ [A-Z].*\.$/)
    expect(`${code} ${advice}`).toMatch(/^\d+ ([A-Z].*\.)?$/)
  }
})

test('what the words offer is what the sender does', () => {
  for (const code of Object.keys(TREATMENTS).map(Number)) {
    const treatment = treatmentOf(code)
    const { action, turn } = byCode[code] ?? failureOf(null)
    if (treatment.kind === 'stop')
      expect([code, action, turn]).toEqual([code, 'open_settings', 'administrator'])
    if (action === 'retry_at') expect([code, treatment.kind]).toEqual([code, 'passing'])
    if (treatment.kind === 'final') expect([code, action]).not.toEqual([code, 'retry_at'])
  }
})

test('a closed window offers a template, a wrong number its correction, a permission the settings', () => {
  const actions = [131047, 131026, 131009, 190, 131000, 245].map((code) => failureOf(errorOf(code)).action)
  expect(actions).toEqual(['send_template', 'fix_number', 'edit', 'open_settings', 'retry', 'open_settings'])
})

test('what passes is tried again by itself while it waits, and by the agent when it was in vain', () => {
  expect(failureOf(errorOf(131056), 'queued')).toMatchObject({ action: 'retry_at', turn: 'nobody' })
  expect(failureOf(errorOf(131056), 'failed')).toMatchObject({ action: 'retry', turn: 'agent' })
  expect(failureOf(errorOf(131000), 'queued')).toMatchObject({ action: 'retry_at', turn: 'nobody' })
})

test('an error that is not of WhatsApp shows no code', () => {
  const title = 'Baton could not send this message'
  expect(failureInWords({ code: -1, title, details: null })).toBe('Baton could not send this message.')
})
