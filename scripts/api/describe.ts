import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../install.ts'
import { type Schema, SchemaWriter } from './schemaOf.ts'

/** What the sources say of each procedure: the words above it, and the type of its answer. */
export type ApiDescription = {
  procedures: Record<string, { about: string; output: Schema }>
  definitions: Record<string, Schema>
}

/** Where the running server reads it from: it has no compiler. */
export const DESCRIPTION_FILE = join(root, 'server/http/rest/described.json')

/**
 * Reads the types and docstrings of the router. The input of a procedure is checked at run time and so can be asked at run
 * time; what it answers is known to the compiler alone.
 */
export function describeApi(): ApiDescription {
  const entry = join(root, 'server/trpc/router.ts')
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  const program = ts.createProgram([entry], options)
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(entry)
  if (source === undefined) throw new Error(`There is no ${entry}`)
  const appRouter = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol)
    .find(({ name }) => name === 'appRouter')
  if (appRouter === undefined) throw new Error(`${entry} exports no appRouter`)

  const inFolder = (file: string) => file.startsWith(`${root}/`) && !file.includes('/node_modules/')
  const writer = new SchemaWriter(checker, inFolder)
  const typeOf = (type: ts.Type, ...names: string[]): ts.Type =>
    names.reduce((at, name) => {
      const property = at.getProperty(name)
      if (property === undefined) throw new Error(`There is no ${name} in ${checker.typeToString(at)}`)
      return checker.getTypeOfSymbol(property)
    }, type)

  const record = typeOf(checker.getTypeOfSymbol(appRouter), '_def', 'record')
  const procedures: ApiDescription['procedures'] = {}
  for (const noun of record.getProperties()) {
    for (const verb of checker.getTypeOfSymbol(noun).getProperties()) {
      const output = itemOf(typeOf(checker.getTypeOfSymbol(verb), '_def', '$types', 'output'), checker)
      const about = ts.displayPartsToString(verb.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ')
      procedures[`${noun.name}.${verb.name}`] = { about, output: writer.schemaOf(output) }
    }
  }
  return { procedures, definitions: writer.definitions }
}

/** Of a subscription, what it yields, without the cursor around it, which travels as the `id` of the event. */
function itemOf(output: ts.Type, checker: ts.TypeChecker): ts.Type {
  if (output.symbol?.name !== 'AsyncIterable') return output
  const [item = output] = checker.getTypeArguments(output as ts.TypeReference)
  const data = item.getProperty('id') && item.getProperty('data')
  return data ? checker.getTypeOfSymbol(data) : item
}
