import { dirname, join } from 'node:path'
import ts from 'typescript'
import { root } from '../install.ts'
import { PlainError } from '../services/plainError.ts'
import { DeclarationFile, type Mention } from './declarationFile.ts'

/**
 * What stands in the tarball for a file of the server: its own types are of no use outside, and drag in the database, the log
 * and all that the server is made of. The router names it, so it cannot be left out.
 */
const STAND_INS: Record<string, string> = {
  'server/trpc/context.ts':
    '/** What the server keeps for each call; of no use outside of it. */\nexport type Context = object;\n',
}

export type Declarations = {
  /** By path in the package. */
  files: Map<string, string>
  /** The packages that they speak of. */
  packages: Set<string>
}

/** The declarations that an entry file exports and all that they mention, and no more. `entry` is a path from the root. */
export function typesOf(entry: string): Declarations {
  const program = ts.createProgram([join(root, entry)], compilerOptions())
  const files = new Map<string, DeclarationFile>()
  const packages = new Set<string>()
  const fileOf = (path: string) => {
    const file = files.get(path) ?? new DeclarationFile(path, STAND_INS[path] ?? declarationOf(program, path))
    files.set(path, file)
    return file
  }
  const seen = new Set<string>()
  const keep = (path: string, name: string): void => {
    if (seen.has(`${path}#${name}`)) return
    seen.add(`${path}#${name}`)
    for (const mention of fileOf(path).keep(name)) follow(path, mention)
  }
  const follow = (from: string, { specifier, name }: Mention): void => {
    if (specifier.startsWith('.')) keep(join(dirname(from), specifier), name)
    else packages.add(packageOf(specifier))
  }
  for (const name of fileOf(entry).exports()) keep(entry, name)
  const texts = [...files].map(([path, file]): [string, string] => [
    path.replace(/\.ts$/, '.d.ts'),
    file.text().replace(/(['"])(\.{1,2}\/[^'"]+)\.ts\1/g, '$1$2.js$1'),
  ])
  return { files: new Map(texts), packages }
}

function declarationOf(program: ts.Program, file: string): string {
  const source = program.getSourceFile(join(root, file))
  if (source === undefined) throw new PlainError(`The client's types mention ${file}, which is not there.`)
  const problems = program.getDeclarationDiagnostics(source)
  if (problems.length > 0) {
    const words = problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    throw new PlainError(`The types of ${file} cannot be declared:\n${words.join('\n')}`)
  }
  let text = ''
  const keepText: ts.WriteFileCallback = (_, written) => {
    text = written
  }
  program.emit(source, keepText, undefined, true)
  return text
}

function compilerOptions(): ts.CompilerOptions {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  return { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true }
}

/** `@trpc/server` of `@trpc/server/rpc`. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}
