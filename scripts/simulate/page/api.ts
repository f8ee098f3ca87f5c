import type { CustomerAct } from '../act.ts'
import type { Phone, ThreadRow } from '../thread.ts'
import type { WebhookState } from '../webhook/deliver.ts'

/** The simulator's own routes, as the page calls them. A refusal is thrown with the server's sentence. */
export const api = {
  phones: () =>
    call<{ phones: Phone[]; webhook: WebhookState; isTokenExpired: boolean; now: number }>('GET', 'phones'),
  thread: (number: string) => call<{ thread: ThreadRow[] }>('GET', `phones/${number}/thread`),
  add: (name: string, number: string) => call<{ number: string }>('POST', 'phones', { name, number }),
  set: (number: string, setting: { autoRead?: boolean; windowClosed?: boolean }) =>
    call('PATCH', `phones/${number}`, setting),
  open: (number: string) => call('POST', `phones/${number}/open`),
  write: (number: string, act: CustomerAct) =>
    call<{ wamid: string }>('POST', `phones/${number}/messages`, act),
  sendFile: (number: string, kind: string, file: File, caption: string) => {
    const query = new URLSearchParams({ kind, filename: file.name, ...(caption === '' ? {} : { caption }) })
    return call<{ wamid: string }>('POST', `phones/${number}/files?${query}`, file)
  },
  prefer: (number: string, value: 'stop' | 'resume') =>
    call('POST', `phones/${number}/preference`, { value }),
  /** What happens to the business's next message to this customer. */
  planFault: (number: string, plan: { code: number } | { fault: string }) =>
    call('POST', 'faults', { ...plan, number }),
  setToken: (state: 'expired' | 'valid') => call('PATCH', 'token', { state }),
  play: (wamid: string) => call('POST', `messages/${encodeURIComponent(wamid)}/play`),
}

async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`/simulator/${path}`, {
    method,
    ...bodyOf(body),
  }).catch(() => {
    throw new Error('The simulator does not answer. Is it still running?')
  })
  const json = answer.status === 204 ? undefined : await answer.json().catch(() => undefined)
  if (!answer.ok) throw new Error(json?.error ?? `The simulator answered ${answer.status}.`)
  return json as Answer
}

/** A file goes as it is, with its own type; all else as JSON. */
function bodyOf(body: unknown): { body?: BodyInit; headers?: Record<string, string> } {
  if (body === undefined) return {}
  if (body instanceof File) {
    return { body, headers: { 'Content-Type': body.type || 'application/octet-stream' } }
  }
  return { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
}
