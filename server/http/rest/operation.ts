import type { AnyProcedure, AnyRouter } from '@trpc/server'
import { z } from 'zod'
import { accessOf } from '../../trpc/access.ts'

/** JSON Schema, as far as it is looked into here. */
export type Schema = { [keyword: string]: unknown }

/** A procedure, as REST. */
export type Operation = {
  /** Its name in tRPC, such as `messages.send`. */
  name: string
  method: 'get' | 'post'
  /** Below `/api/v1`, with `{names}` for what is taken from the input. */
  path: string
  scope: string
  /** What it takes: the parameters of its path among the rest; null when it takes nothing. */
  input: Schema | null
}

/** Every procedure of the router that `access.ts` gives a path: queries by GET, mutations by POST. */
export function operationsOf(router: AnyRouter): Operation[] {
  const procedures: [string, AnyProcedure][] = Object.entries(router._def.procedures)
  return procedures.flatMap(([name, procedure]) => {
    const access = accessOf(name)
    const method = METHODS[procedure._def.type]
    if (!access || access.rest === null || method === null) return []
    return [{ name, method, path: access.rest, scope: access.scope, input: inputOf(procedure) }]
  })
}

const METHODS = { query: 'get', mutation: 'post', subscription: null } as const

/** What a procedure takes, as JSON Schema; null for nothing. */
export function inputOf(procedure: AnyProcedure): Schema | null {
  const schemas = procedure._def.inputs
    .filter((parser) => parser instanceof z.ZodType)
    .map((parser): Schema => {
      const { $schema, ...schema } = z.toJSONSchema(parser, { io: 'input', unrepresentable: 'any' })
      return schema
    })
  const [only = null] = schemas
  return schemas.length > 1 ? { allOf: schemas } : only
}

/** The names in `{braces}` of a path. */
export function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

/** The properties that a schema lists, those of its parts included. */
export function propertiesOf(schema: Schema | null): Record<string, Schema> {
  if (schema === null) return {}
  const parts = Array.isArray(schema.allOf) ? schema.allOf.filter(isSchema) : []
  const own = isSchema(schema.properties) ? Object.entries(schema.properties) : []
  const named = own.filter((entry): entry is [string, Schema] => isSchema(entry[1]))
  return Object.assign({}, ...parts.map(propertiesOf), Object.fromEntries(named))
}

/** The names that a schema requires, those of its parts included. */
export function requiredOf(schema: Schema | null): string[] {
  if (schema === null) return []
  const parts = Array.isArray(schema.allOf) ? schema.allOf.filter(isSchema) : []
  const own = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : []
  return [...parts.flatMap(requiredOf), ...own]
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
