import type { CustomerAct } from '../act.ts'
import type { Phone, ThreadRow } from '../thread.ts'
import type { WebhookState } from '../webhook/deliver.ts'

/** The simulator's own routes, as the page calls them. A refusal is thrown with the server's sentence. */
export const api = {
  phones: () => call<{ phones: Phone[]; webhook: WebhookState; now: number }>('GET', 'phones'),
  thread: (number: string) => call<{ thread: ThreadRow[] }>('GET', `phones/${number}/thread`),
  add: (name: string, number: string) => call<{ number: string }>('POST', 'phones', { name, number }),
  set: (number: string, setting: { autoRead?: boolean; windowClosed?: boolean }) =>
    call('PATCH', `phones/${number}`, setting),
  open: (number: string) => call('POST', `phones/${number}/open`),
  write: (number: string, act: CustomerAct) =>
    call<{ wamid: string }>('POST', `phones/${number}/messages`, act),
  play: (wamid: string) => call('POST', `messages/${encodeURIComponent(wamid)}/play`),
}

async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`/simulator/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  }).catch(() => {
    throw new Error('The simulator does not answer. Is it still running?')
  })
  const json = answer.status === 204 ? undefined : await answer.json().catch(() => undefined)
  if (!answer.ok) throw new Error(json?.error ?? `The simulator answered ${answer.status}.`)
  return json as Answer
}
