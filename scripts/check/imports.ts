export interface Import {
  specifier: string
  line: number
  /** `import type` and `export type` leave nothing in the running program. */
  isTypeOnly: boolean
}

const statements = /^[ \t]*(?:import|export)\s+(type\s)?(?:[^'"`;()]*?\bfrom\s*)?['"]([^'"]+)['"]/gm
const calls = /\bimport\(\s*['"]([^'"]+)['"]/g

/** What a source file imports or re-exports, static and dynamic. */
export function importsOf(source: string): Import[] {
  const lineAt = (index: number) => source.slice(0, index).split('\n').length
  return [
    ...[...source.matchAll(statements)].map((match) => ({
      specifier: match[2] ?? '',
      line: lineAt(match.index + match[0].length),
      isTypeOnly: Boolean(match[1]),
    })),
    ...[...source.matchAll(calls)].map((match) => ({
      specifier: match[1] ?? '',
      line: lineAt(match.index),
      isTypeOnly: false,
    })),
  ]
}
