import ts from 'typescript'

/** Something that is named in a file of declarations: by a name of this package's file, or of another package. */
export type Mention = { specifier: string; name: string }

/**
 * A file of declarations, of which only what is asked for is kept. Most of what a module of the server declares are functions
 * over a database: a type that happens to stand beside them must not bring them along.
 */
export class DeclarationFile {
  readonly #source: ts.SourceFile
  readonly #declared = new Map<string, ts.Statement[]>()
  /** By local name. */
  readonly #imported = new Map<string, Mention>()
  readonly #passedOn = new Map<string, Mention>()
  readonly #kept = new Set<ts.Statement>()
  readonly #keptImports = new Map<string, Mention>()
  readonly #keptExports = new Map<string, Mention>()

  constructor(name: string, text: string) {
    this.#source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
    for (const statement of this.#source.statements) this.#read(statement)
  }

  /** The names that it exports. */
  exports(): string[] {
    const own = [...this.#declared].filter(([, [first]]) => first && isExported(first)).map(([name]) => name)
    return [...own, ...this.#passedOn.keys()]
  }

  /** Keeps a declaration and those of this file that it needs; gives what it mentions of other files. */
  keep(name: string): Mention[] {
    const passedOn = this.#passedOn.get(name)
    if (passedOn) {
      this.#keptExports.set(name, passedOn)
      return [passedOn]
    }
    const fresh = (this.#declared.get(name) ?? []).filter((statement) => !this.#kept.has(statement))
    for (const statement of fresh) this.#kept.add(statement)
    return fresh.flatMap((statement) => this.#mentionsIn(statement))
  }

  /** What was kept, as a file. */
  text(): string {
    const imports = [...this.#keptImports].map(([local, { specifier, name }]) =>
      name === 'default'
        ? `import type ${local} from '${specifier}';`
        : `import type { ${name === local ? name : `${name} as ${local}`} } from '${specifier}';`,
    )
    const exports = [...this.#keptExports].map(
      ([outer, { specifier, name }]) =>
        `export { ${name === outer ? name : `${name} as ${outer}`} } from '${specifier}';`,
    )
    const statements = this.#source.statements
      .filter((one) => this.#kept.has(one))
      .map((one) => one.getFullText().trim())
    return [...imports, ...exports, ...statements, 'export {};', ''].join('\n')
  }

  #read(statement: ts.Statement): void {
    if (ts.isImportDeclaration(statement)) {
      const specifier = textOf(statement.moduleSpecifier)
      const { name, namedBindings } = statement.importClause ?? {}
      if (name) this.#imported.set(name.text, { specifier, name: 'default' })
      if (namedBindings && ts.isNamedImports(namedBindings)) {
        for (const one of namedBindings.elements) {
          this.#imported.set(one.name.text, { specifier, name: (one.propertyName ?? one.name).text })
        }
      }
    } else if (ts.isExportDeclaration(statement)) {
      if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) return
      for (const one of statement.exportClause.elements) {
        const inner = (one.propertyName ?? one.name).text
        const mention = statement.moduleSpecifier
          ? { specifier: textOf(statement.moduleSpecifier), name: inner }
          : this.#imported.get(inner)
        if (mention) this.#passedOn.set(one.name.text, mention)
      }
    } else {
      for (const name of namesOf(statement)) {
        this.#declared.set(name, [...(this.#declared.get(name) ?? []), statement])
      }
    }
  }

  #mentionsIn(statement: ts.Statement): Mention[] {
    const mentions: Mention[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
        mentions.push({ specifier: textOf(node.argument.literal), name: firstOf(node.qualifier) })
      }
      if (ts.isIdentifier(node)) {
        const imported = this.#imported.get(node.text)
        if (imported) {
          this.#keptImports.set(node.text, imported)
          mentions.push(imported)
        }
        mentions.push(...this.keep(node.text))
      }
      ts.forEachChild(node, visit)
    }
    visit(statement)
    return mentions
  }
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  const isNamed =
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement)
  return isNamed && statement.name ? [statement.name.text] : []
}

const isExported = (statement: ts.Statement) =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

const textOf = (node: ts.Node) => (ts.isStringLiteral(node) ? node.text : '')

/** `A` of `import('x').A.B`. */
function firstOf(name: ts.EntityName | undefined): string {
  if (name === undefined) return ''
  return ts.isIdentifier(name) ? name.text : firstOf(name.left)
}
