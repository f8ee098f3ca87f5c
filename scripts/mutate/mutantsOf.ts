import ts from 'typescript'
import type { Mutant } from './mutant.ts'
import { sqlMutations } from './sqlMutations.ts'

type Change = { node: ts.Node; text: string }

/** Every mutant of a program, by TypeScript's own parser, in the order of the text. Types and imports are left alone. */
export function mutantsOf(source: string): Mutant[] {
  const file = ts.createSourceFile('mutated.ts', source, ts.ScriptTarget.Latest, true)
  const found: Mutant[] = []
  const add = (start: number, end: number, text: string) => {
    const line = file.getLineAndCharacterOfPosition(start).line + 1
    const short = (words: string) => words.replaceAll(/\s+/g, ' ').slice(0, 60)
    found.push({
      line,
      start,
      end,
      text,
      what: `${short(source.slice(start, end))} → ${short(text) || 'nothing'}`,
    })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isSourceFile(node)) {
      ts.forEachChild(node, visit)
      return
    }
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isOnlyType(node)) return
    for (const { node: changed, text } of changesOf(node)) add(changed.getStart(file), changed.end, text)
    if (ts.isTaggedTemplateExpression(node))
      for (const one of sqlMutations(node)) add(one.start, one.end, one.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  // Two ways can lead to the same text, as with `return false`.
  const unique = new Map(found.map((one) => [`${one.start} ${one.end} ${one.text}`, one]))
  return [...unique.values()].sort((a, b) => a.start - b.start)
}

const isOnlyType = (node: ts.Node) => ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)

const SWAPPED: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.LessThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '<',
  [ts.SyntaxKind.GreaterThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  [ts.SyntaxKind.AmpersandAmpersandToken]: '||',
  [ts.SyntaxKind.BarBarToken]: '&&',
  [ts.SyntaxKind.PlusToken]: '-',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.AsteriskToken]: '/',
  [ts.SyntaxKind.SlashToken]: '*',
}
const SWAPPED_CALLS: Record<string, string> = { some: 'every', every: 'some', startsWith: 'endsWith' }

function changesOf(node: ts.Node): Change[] {
  if (ts.isBinaryExpression(node)) {
    const text = SWAPPED[node.operatorToken.kind]
    return text === undefined ? [] : [{ node: node.operatorToken, text }]
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [{ node, text: node.operand.getText() }]
  if (ts.isIfStatement(node)) return either(node.expression)
  if (ts.isConditionalExpression(node)) return either(node.condition)
  if (ts.isReturnStatement(node) && node.expression && node.expression.kind !== ts.SyntaxKind.NullKeyword)
    return [{ node: node.expression, text: 'undefined' }]
  if (ts.isAwaitExpression(node)) return [{ node, text: node.expression.getText() }]
  if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) return [{ node, text: '' }]
  if (ts.isPropertyAccessExpression(node)) {
    const text = Object.hasOwn(SWAPPED_CALLS, node.name.text) ? SWAPPED_CALLS[node.name.text] : undefined
    return text === undefined ? [] : [{ node: node.name, text }]
  }
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) return [{ node, text: '[]' }]
  return changesOfLiteral(node)
}

const either = (node: ts.Node): Change[] => [
  { node, text: 'true' },
  { node, text: 'false' },
]

function changesOfLiteral(node: ts.Node): Change[] {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [{ node, text: 'false' }]
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [{ node, text: 'true' }]
  if (ts.isNumericLiteral(node)) return [{ node, text: String(Number(node.text.replaceAll('_', '')) + 1) }]
  if (ts.isRegularExpressionLiteral(node)) return loosened(node)
  const isKey = ts.isPropertyAssignment(node.parent) && node.parent.name === node
  // Sentences are for people: what they say is read by them, and by no test.
  if (ts.isStringLiteral(node) && !isKey && node.text !== '' && !/ .*[.?!]$/.test(node.text))
    return [{ node, text: "''" }]
  return []
}

/** Without what binds it to the beginning and to the end. */
function loosened(node: ts.RegularExpressionLiteral): Change[] {
  const { text } = node
  const end = text.lastIndexOf('/')
  const changes: Change[] = []
  if (text.startsWith('/^')) changes.push({ node, text: `/${text.slice(2)}` })
  if (text[end - 1] === '$') changes.push({ node, text: text.slice(0, end - 1) + text.slice(end) })
  return changes
}
