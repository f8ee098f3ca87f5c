import { z } from 'zod'
import { RefusedAct } from '../act.ts'
import type { JsonObject } from '../entry.ts'
import { faultRoutes, routes as requestRoutes } from '../faults/trouble.ts'
import type { Handler } from './control.ts'
import { done } from './phoneRoutes.ts'

const faultNames = Object.keys(faultRoutes) as (keyof typeof faultRoutes)[]
const plan = z
  .object({
    number: z.string().optional(),
    times: z.number().int().min(1).max(1_000_000).optional(),
    on: z.enum(requestRoutes).optional(),
  })
  .and(
    z.union([
      z.object({ code: z.number().int(), as: z.enum(['answer', 'status']).optional() }),
      z.object({ fault: z.enum(faultNames) }),
    ]),
  )
const limits = z.object({
  throughputPerSecond: z.number().min(1).nullable().exactOptional(),
  isPairLimited: z.boolean().exactOptional(),
})
const templateChange = z.object({
  language: z.string().optional(),
  status: z.enum(['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'DELETED']).exactOptional(),
  reason: z.string().exactOptional(),
  quality: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']).exactOptional(),
  category: z.enum(['UTILITY', 'MARKETING', 'AUTHENTICATION']).exactOptional(),
  components: z
    .array(z.custom<JsonObject>((part) => typeof part === 'object' && part !== null))
    .exactOptional(),
})
const status = z.object({
  status: z.enum(['sent', 'delivered', 'read', 'played', 'failed']),
  errorCode: z.number().int().optional(),
})

/** What a test, or the person who shows the demo, does behind the scenes. */
export const directorRoutes: Record<string, Handler> = {
  'GET /log': ({ phones }, request) => Response.json({ log: phones.received(filterIn(request)) }),
  'GET /duplicates': ({ phones }, request) => Response.json(phones.duplicates(filterIn(request).number)),
  'GET /read-marks': ({ phones }) => Response.json({ readMarks: phones.readMarks() }),
  'GET /trespasses': ({ trespasses }) => Response.json({ trespasses }),
  'GET /limits': ({ limits: kept }) =>
    Response.json({ ...kept.current(), breaches: kept.breaches(), busiestSecond: kept.busiestSecond() }),
  'PUT /limits': async ({ limits: kept }, request) => {
    kept.set(limits.parse(await request.json()))
    return done()
  },
  'GET /faults': ({ faults }) => Response.json({ pending: faults.pending(), struck: faults.struck() }),
  'POST /faults': async ({ faults }, request) => {
    const planned = plan.parse(await request.json())
    refusing(() => faults.next(planned))
    return done()
  },
  'PUT /faults': async ({ faults }, request) => {
    const { faults: list } = z.object({ faults: z.string() }).parse(await request.json())
    refusing(() => faults.set(list))
    return done()
  },
  'DELETE /faults': ({ faults }) => {
    faults.clear()
    return done()
  },
  'PUT /token': async ({ token }, request) => {
    token.replace(z.object({ token: z.string().min(1) }).parse(await request.json()).token)
    return done()
  },
  'PATCH /token': async ({ token }, request) => {
    const { state } = z.object({ state: z.enum(['expired', 'valid']) }).parse(await request.json())
    if (state === 'expired') token.expire()
    else token.restore()
    return done()
  },
  'GET /templates': ({ templates }) => Response.json({ templates: templates.list() }),
  'PATCH /templates/*': async ({ templates }, request, which) => {
    const { language, ...change } = templateChange.parse(await request.json())
    refusing(() => templates.change(which, change, language))
    return done()
  },
  'POST /messages/*/status': async ({ statuses }, request, wamid) => {
    const told = status.parse(await request.json())
    refusing(() => statuses.tell(wamid, told.status, told.errorCode))
    return done()
  },
  'POST /webhook/pause': ({ webhook }) => {
    webhook.pause()
    return done()
  },
  'POST /webhook/resume': ({ webhook }) => {
    webhook.resume()
    return done()
  },
  'POST /handshake': async (control) => Response.json({ verified: await control.shakeHands() }),
}

function filterIn(request: Request) {
  const { searchParams } = new URL(request.url)
  const count = (name: string) => {
    const value = searchParams.get(name)
    return value === null ? undefined : z.coerce.number().int().min(0).parse(value)
  }
  return { number: searchParams.get('number') ?? undefined, after: count('after'), limit: count('limit') }
}

/** What was asked for cannot be: the sentence goes back to who asked. */
function refusing(act: () => void): void {
  try {
    act()
  } catch (error) {
    throw new RefusedAct(error instanceof Error ? error.message : String(error))
  }
}
