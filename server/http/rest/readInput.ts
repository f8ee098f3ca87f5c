import { TRPCError } from '@trpc/server'
import { isSchema, type Operation, propertiesOf, type Schema } from './operation.ts'

/**
 * What a request says, as the procedure wants to hear it: a body in JSON, or the words of the query, each read as what the
 * schema says it is; and on top the parameters of the path. What is wrong in it is left for the procedure to refuse.
 */
export async function readInput(
  operation: Operation,
  request: Request,
  parameters: Record<string, string>,
): Promise<unknown> {
  if (operation.input === null) return undefined
  const said = operation.method === 'get' ? fromQuery(operation.input, request) : await fromBody(request)
  if (!isSchema(said)) return said
  return { ...said, ...parameters }
}

function fromQuery(input: Schema, request: Request): Schema {
  const query = new URL(request.url).searchParams
  const properties = propertiesOf(input)
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => [name, readValue(query.getAll(name), properties[name])]),
  )
}

function readValue(words: string[], schema: Schema | undefined): unknown {
  const type = typeOf(schema)
  if (type === 'array') return words
  const [word = ''] = words
  if (type === 'boolean') return word === 'true' ? true : word === 'false' ? false : word
  if (type === 'number' || type === 'integer') return word.trim() === '' ? word : Number(word)
  return word
}

/** The type of a value; of one that may also be null, the other one. */
function typeOf(schema: Schema | undefined): unknown {
  if (schema === undefined) return undefined
  if (!Array.isArray(schema.anyOf)) return schema.type
  return schema.anyOf.filter(isSchema).find(({ type }) => type !== 'null')?.type
}

async function fromBody(request: Request): Promise<unknown> {
  const text = await request.text()
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'The body is not JSON.' })
  }
}
