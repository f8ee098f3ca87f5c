import { z } from 'zod'
import { RefusedAct } from '../act.ts'
import type { Faults } from '../faults/faults.ts'
import type { AccessToken } from '../graph/accessToken.ts'
import type { Trespass } from '../graph/graphApi.ts'
import type { History } from '../history.ts'
import type { Limits } from '../limits.ts'
import type { MediaStore } from '../media/mediaStore.ts'
import type { Phones } from '../phones.ts'
import type { Statuses } from '../statuses.ts'
import type { TemplateBook } from '../templateBook.ts'
import type { WebhookState } from '../webhook/deliver.ts'
import { directorRoutes } from './directorRoutes.ts'
import { phoneRoutes } from './phoneRoutes.ts'

/** What the simulator's own routes reach. */
export interface Control {
  phones: Phones
  media: MediaStore
  history: History
  faults: Faults
  limits: Limits
  templates: TemplateBook
  token: AccessToken
  statuses: Pick<Statuses, 'tell'>
  webhook: { pause(): void; resume(): void }
  trespasses: readonly Trespass[]
  webhookState(): WebhookState
  shakeHands(): Promise<boolean>
}

/** `key` is what stands for `*` in the route's path. */
export type Handler = (control: Control, request: Request, key: string) => Promise<Response> | Response

/** The simulator's own routes, under `/simulator`; `*` stands for a number or an id. */
const routes: Record<string, Handler> = { ...phoneRoutes, ...directorRoutes }

/** Answers one request under `/simulator`; undefined when there is no such route. */
export async function answerControl(request: Request, control: Control): Promise<Response | undefined> {
  const path = new URL(request.url).pathname.replace(/^\/simulator/, '')
  const key = decodeURIComponent(path.split('/')[2] ?? '')
  const handler = routes[`${request.method} ${path}`] ?? routes[`${request.method} ${starred(path)}`]
  if (!handler) return undefined
  try {
    return await handler(control, request, key)
  } catch (error) {
    return Response.json({ error: explain(error) }, { status: 400 })
  }
}

function starred(path: string): string {
  return path.replace(/^(\/[^/]+)\/[^/]+/, '$1/*')
}

/** A sentence for the person at the page; what is no refusal is a fault of ours and goes up. */
function explain(error: unknown): string {
  if (error instanceof RefusedAct) return error.message
  if (error instanceof z.ZodError) return error.issues[0]?.message ?? 'The request is not valid.'
  if (error instanceof SyntaxError) return 'The body is not JSON.'
  throw error
}
