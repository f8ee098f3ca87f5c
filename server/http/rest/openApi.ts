import { definitions, type OpenApiOperation, otherOperation, procedureOperation } from './openApiOperation.ts'
import type { Operation, Schema } from './operation.ts'
import type { OtherRoute } from './otherRoutes.ts'

export type OpenApi = {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  security: Record<string, string[]>[]
  tags: { name: string }[]
  paths: Record<string, Record<string, OpenApiOperation>>
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, Schema> }
}

const ERROR: Schema = {
  type: 'object',
  properties: {
    reason: { type: 'string', description: 'A stable word to decide on, such as `WINDOW_CLOSED`.' },
    message: { type: 'string', description: 'A sentence for people.' },
    details: { description: 'What belongs to the reason, such as who holds a lock; else null.' },
    requestId: { type: 'string', description: 'For support: it stands in the log as well.' },
  },
  required: ['reason', 'message', 'details', 'requestId'],
}

const ABOUT = `Everything that the inbox does, for programs. Send \`Authorization: Bearer <api key>\`; an administrator makes keys at \`/api-keys\`, or with \`bun run apikey:create\`. A key acts as an agent: it sees what that agent sees, and may do what its scopes say. Times are ISO 8601, ids are strings, sequence numbers and cursors are strings of digits.`

/** The document: operations from the router, what they answer from the sources, and the routes that are neither. */
export function openApiDocument(
  operations: readonly Operation[],
  others: readonly OtherRoute[],
  { root, publicUrl, version }: { root: string; publicUrl: string; version: string },
): OpenApi {
  const paths: OpenApi['paths'] = {}
  const put = (path: string, method: string, operation: OpenApiOperation) => {
    paths[path] = { ...paths[path], [method]: operation }
  }
  for (const operation of operations)
    put(root + operation.path, operation.method, procedureOperation(operation))
  for (const route of others) put(route.path, route.method, otherOperation(route))
  const tags = new Set(
    Object.values(paths).flatMap((methods) => Object.values(methods).flatMap((one) => one.tags)),
  )
  return {
    openapi: '3.1.0',
    info: { title: 'Baton', version, description: ABOUT },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }],
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...definitions, Error: ERROR },
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'baton_…' } },
    },
  }
}
