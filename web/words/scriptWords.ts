import { looksLikeWords } from './looksLikeWords.ts'
import { type Node, nodeAt, nodesAt, textAt } from './node.ts'
import type { Reading } from './reading.ts'

export type Visit = (node: Node, parent: Node | null, key: string) => void

/** Calls whose strings are for a program, not for people. */
const CODE_CALLS =
  /^(console\.\w+|(.*\.)?(addEventListener|removeEventListener|querySelector(All)?|closest|matches|matchMedia|getElementById|getItem|setItem|removeItem|setAttribute|getAttribute|startsWith|endsWith|includes|indexOf|split|fetch|has))$/

/** A string: replaced by a call when it is words, or when `say('…', 'meaning')` stands around it. */
export function readLiteral(node: Node, parent: Node | null, key: string, reading: Reading): void {
  const text = textAt(node, 'value')
  const around = sayAround(parent)
  if (!around) {
    if (looksLikeWords(text) && !isForCode(parent, key))
      reading.edits.overwrite(node.start, node.end, reading.call(text, node.start))
    return
  }
  const [words, meaning] = nodesAt(around, 'arguments')
  if (words !== node) return
  const told = meaning ? `${text} (${textAt(meaning, 'value')})` : text
  reading.edits.overwrite(node.start, node.end, reading.call(told, node.start, [], [], text))
}

/** A template literal: its values become arguments. What stands in them was read before. */
export function readTemplate(
  node: Node,
  parent: Node | null,
  key: string,
  reading: Reading,
  visit: Visit,
): void {
  const values = nodesAt(node, 'expressions')
  for (const value of values) visit(value, node, 'expressions')
  const texts = nodesAt(node, 'quasis').map(cooked)
  const text = texts.map((piece, index) => piece + (index < values.length ? `{${index}}` : '')).join('')
  if (!sayAround(parent) && (!looksLikeWords(text) || isForCode(parent, key))) return
  const call = reading.call(
    text,
    node.start,
    values.map(({ start, end }) => reading.slice(start, end)),
    values.map(({ start, end }) => reading.original(start, end)),
  )
  reading.edits.overwrite(node.start, node.end, call)
}

function cooked(quasi: Node): string {
  const { value } = quasi
  return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : ''
}

/** The call `say(…)` right around a string. */
function sayAround(parent: Node | null): Node | null {
  const callee = parent?.type === 'CallExpression' ? nodeAt(parent, 'callee') : null
  return callee?.type === 'Identifier' && textAt(callee, 'name') === 'say' ? parent : null
}

const COMPARES = new Set(['===', '!==', '==', '!=', 'in', '<', '>', '<=', '>='])

/** Where a string is no words whatever it looks like: a name, a comparison, an error for developers. */
function isForCode(parent: Node | null, key: string): boolean {
  switch (parent?.type) {
    case 'Property':
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return key === 'key' || /^(key|id|class|href|url|also)$/.test(nameOf(nodeAt(parent, 'key')))
    case 'MemberExpression':
      return key === 'property'
    case 'BinaryExpression':
      return COMPARES.has(textAt(parent, 'operator'))
    case 'SwitchCase':
      return key === 'test'
    case 'NewExpression':
      return /Error$|^(URL|RegExp)$/.test(nameOf(nodeAt(parent, 'callee')))
    case 'CallExpression':
      return CODE_CALLS.test(nameOf(nodeAt(parent, 'callee')))
    case 'TaggedTemplateExpression':
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return true
    case 'ExpressionStatement':
      return 'directive' in parent
    default:
      return false
  }
}

function nameOf(callee: Node | null): string {
  if (callee?.type === 'Identifier') return textAt(callee, 'name')
  if (callee?.type !== 'MemberExpression') return ''
  return `${nameOf(nodeAt(callee, 'object'))}.${nameOf(nodeAt(callee, 'property'))}`
}
