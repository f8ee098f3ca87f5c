import ts from 'typescript'

export type Schema = { [keyword: string]: unknown }

/** Turns types into JSON Schema, as they look after `JSON.stringify`. Named types of ours become definitions. */
export class SchemaWriter {
  readonly definitions: Record<string, Schema> = {}
  readonly #names = new Map<ts.Symbol, string>()

  constructor(
    private readonly checker: ts.TypeChecker,
    /** Whether a type that is declared in this file gets a definition of its own. */
    private readonly isOurs: (file: string) => boolean,
  ) {}

  schemaOf(type: ts.Type): Schema {
    const symbol = this.#ownSymbolOf(type)
    if (symbol === undefined) return this.#spellOut(type)
    const known = this.#names.get(symbol)
    const name = known ?? this.#freeName(symbol.name)
    if (known === undefined) {
      this.#names.set(symbol, name) // before it is spelled out: a type may speak of itself
      this.definitions[name] = {}
      this.definitions[name] = this.#spellOut(type)
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  #ownSymbolOf(type: ts.Type): ts.Symbol | undefined {
    const symbol = type.aliasSymbol
    if (symbol === undefined || (type.aliasTypeArguments?.length ?? 0) > 0) return undefined
    const file = symbol.declarations?.[0]?.getSourceFile().fileName
    return file !== undefined && this.isOurs(file) ? symbol : undefined
  }

  /** Two files may each have a type of the same name. */
  #freeName(name: string): string {
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name}${number}`
      if (!(candidate in this.definitions)) return candidate
    }
  }

  #spellOut(type: ts.Type): Schema {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {}
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' }
    if (type.isUnion()) return this.#union(type)
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value }
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' }
    if (type.flags & ts.TypeFlags.StringLike) return { type: 'string' }
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' }
    if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' }
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) return this.#list(type)
    return this.#object(type)
  }

  #union(type: ts.UnionType): Schema {
    const members = type.types.filter((one) => !isUndefined(one))
    const schemas = members.map((one) => this.schemaOf(one))
    const constants = schemas.flatMap((one) => ('const' in one ? [one.const] : []))
    const others = schemas.filter((one) => !('const' in one) && one.type !== 'null')
    // `true | false` comes apart in a union with other things.
    const isBoolean = constants.includes(true) && constants.includes(false)
    if (isBoolean) others.unshift({ type: 'boolean' })
    // The compiler's order depends on what it met first, anywhere; sorted, an unrelated change moves nothing here.
    const words = constants.filter((one) => !isBoolean || typeof one !== 'boolean').sort()
    if (words.length > 0) others.unshift({ enum: words })
    if (!schemas.some((one) => one.type === 'null')) return anyOf(others)
    const [only = {}] = others
    const isPlain = others.length === 1 && typeof only.type === 'string'
    return isPlain ? { ...only, type: [only.type, 'null'] } : anyOf([...others, { type: 'null' }])
  }

  #list(type: ts.Type): Schema {
    const [item] = this.checker.getTypeArguments(type as ts.TypeReference)
    return { type: 'array', items: item ? this.schemaOf(item) : {} }
  }

  #object(type: ts.Type): Schema {
    const properties: Record<string, Schema> = {}
    const required: string[] = []
    for (const property of this.checker.getPropertiesOfType(type)) {
      const value = this.checker.getTypeOfSymbol(property)
      const about = ts.displayPartsToString(property.getDocumentationComment(this.checker))
      properties[property.name] = { ...this.schemaOf(value), ...(about === '' ? {} : { description: about }) }
      const mayBeAbsent =
        property.flags & ts.SymbolFlags.Optional || (value.isUnion() && value.types.some(isUndefined))
      if (!mayBeAbsent) required.push(property.name)
    }
    const others = this.checker.getIndexTypeOfType(type, ts.IndexKind.String)
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(others ? { additionalProperties: this.schemaOf(others) } : {}),
    }
  }
}

const isUndefined = (type: ts.Type) => (type.flags & ts.TypeFlags.Undefined) !== 0

function anyOf(schemas: Schema[]): Schema {
  const [only = {}] = schemas
  return schemas.length > 1 ? { anyOf: schemas } : only
}
