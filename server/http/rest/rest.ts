import {
  type AnyRouter,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  type inferRouterContext,
} from '@trpc/server'
import type { Hono } from 'hono'
import type { AppEnv } from '../app.ts'
import { type DocsPage, docsPage } from './docsPage.ts'
import { type OpenApi, openApiDocument } from './openApi.ts'
import { operationsOf } from './operation.ts'
import { OTHER_ROUTES } from './otherRoutes.ts'
import { readInput } from './readInput.ts'
import { restError } from './restError.ts'

export const REST_ROOT = '/api/v1'

export type RestOptions<TRouter extends AnyRouter> = {
  router: TRouter
  createContext(request: Request, requestId: string): Promise<inferRouterContext<TRouter>>
  publicUrl: string
  version: string
}

/**
 * The router as REST: each procedure that has a path in `access.ts` is called as tRPC calls it, with the same context, so
 * credentials, scopes and refusals are the same. `/api/openapi.json` and `/api/docs` are made from the same list.
 */
export function addRest<TRouter extends AnyRouter>(app: Hono<AppEnv>, options: RestOptions<TRouter>): void {
  const { router, createContext } = options
  const operations = operationsOf(router)
  // When it is first asked for, for other parts may add routes after this one.
  let made: { openApi: OpenApi; docs: DocsPage } | null = null
  const documents = () => {
    if (made) return made
    const openApi = openApiDocument(operations, othersOf(app), { ...options, root: REST_ROOT })
    made = { openApi, docs: docsPage(openApi) }
    return made
  }

  app.get('/api/openapi.json', (c) => c.json(documents().openApi))
  app.get('/api/docs', (c) => {
    const { html, policy } = documents().docs
    return c.html(html, 200, { 'Content-Security-Policy': policy })
  })

  for (const operation of operations) {
    const { name, method, path } = operation
    app.on(method, REST_ROOT + path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const requestId = c.get('requestId')
      const request = c.req.raw
      try {
        const answer = await callTRPCProcedure({
          router,
          path: name,
          type: method === 'get' ? 'query' : 'mutation',
          getRawInput: () => readInput(operation, request, c.req.param()),
          ctx: await createContext(request, requestId),
          signal: request.signal,
          batchIndex: 0,
        })
        return c.json(answer ?? null)
      } catch (error) {
        const { status, body } = restError(getTRPCErrorFromUnknown(error), requestId)
        return Response.json(body, { status })
      }
    })
  }
}

/** The routes written by hand that this app has: nothing is promised that nobody answers. */
function othersOf(app: Hono<AppEnv>) {
  const nameless = (path: string) => path.replace(/:\w+|\{\w+\}/g, '{}')
  const has = new Set(app.routes.map(({ path }) => nameless(path)))
  return OTHER_ROUTES.filter(({ path }) => has.has(nameless(path)) || path.startsWith('/trpc/'))
}
