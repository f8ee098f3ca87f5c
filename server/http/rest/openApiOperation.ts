import described from './described.json'
import { type Operation, parametersIn, propertiesOf, requiredOf, type Schema } from './operation.ts'
import type { OtherRoute } from './otherRoutes.ts'

export type OpenApiOperation = {
  operationId: string
  tags: string[]
  description: string
  'x-scope': string
  parameters: {
    name: string
    in: 'path' | 'query'
    required: boolean
    schema: Schema
    description?: string
  }[]
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
}

type Described = {
  procedures: Record<string, { about: string; output: Schema }>
  definitions: Record<string, Schema>
}

/** What the compiler knows of the router; see `scripts/api/describe.ts`. */
export const { procedures, definitions }: Described = described

/** A procedure of the router, as an operation of the document. */
export function procedureOperation({ name, method, path, scope, input }: Operation): OpenApiOperation {
  const inPath = parametersIn(path)
  const properties = propertiesOf(input)
  const required = requiredOf(input)
  const rest = Object.keys(properties).filter((property) => !inPath.includes(property))
  const inQuery = method === 'get' ? rest : []
  const { about = '', output = {} } = procedures[name] ?? {}
  return {
    ...head(name, about, scope),
    parameters: [
      ...inPath.map((one) => ({
        name: one,
        in: 'path' as const,
        required: true,
        schema: properties[one] ?? { type: 'string' },
      })),
      ...inQuery.map((one) => ({
        name: one,
        in: 'query' as const,
        required: required.includes(one),
        schema: properties[one] ?? {},
      })),
    ],
    ...(method === 'post' && input !== null && rest.length > 0
      ? { requestBody: body(without(input, inPath)) }
      : {}),
    responses: { 200: { description: 'Done.', ...json(output) }, default: WHEN_REFUSED },
  }
}

/** A route that is none. */
export function otherOperation({
  name,
  path,
  scope,
  about,
  query = {},
  body: takes,
  bodyType = 'application/json',
  answers,
}: OtherRoute): OpenApiOperation {
  return {
    ...head(name, about, scope),
    parameters: [
      ...parametersIn(path).map((one) => ({
        name: one,
        in: 'path' as const,
        required: true,
        schema: { type: 'string', format: 'uuid' },
      })),
      ...Object.entries(query).map(([one, schema]) => ({
        name: one,
        in: 'query' as const,
        required: false,
        schema,
      })),
    ],
    ...(takes ? { requestBody: { required: true, content: { [bodyType]: { schema: takes } } } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { description, type = 'application/json', schema }]) => [
          status,
          { description, ...(schema ? { content: { [type]: { schema } } } : {}) },
        ]),
      ),
      default: WHEN_REFUSED,
    },
  }
}

const json = (schema: Schema) => ({ content: { 'application/json': { schema } } })
const body = (schema: Schema) => ({ required: true, ...json(schema) })
const WHEN_REFUSED = { description: 'Refused, or failed.', ...json({ $ref: '#/components/schemas/Error' }) }

function head(name: string, about: string, scope: string) {
  const [noun = ''] = name.split('.')
  return { operationId: name, tags: [noun], description: about, 'x-scope': scope }
}

/** A schema without some of its properties: those that stand in the path already. */
function without(schema: Schema, names: string[]): Schema {
  const { properties, required, allOf, ...rest } = schema
  const kept = Object.entries(propertiesOf(schema)).filter(([name]) => !names.includes(name))
  const stillRequired = requiredOf(schema).filter((name) => !names.includes(name))
  return {
    ...rest,
    type: 'object',
    properties: Object.fromEntries(kept),
    ...(stillRequired.length > 0 ? { required: stillRequired } : {}),
  }
}
