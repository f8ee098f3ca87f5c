import { parse } from 'svelte/compiler'
import { readAttribute, readFragment } from './markupWords.ts'
import { childrenOf, isNode, type Node, nodesAt } from './node.ts'
import { type Found, Reading } from './reading.ts'
import { readLiteral, readTemplate, type Visit } from './scriptWords.ts'
import { isWordless } from './sentenceOf.ts'

const PROGRAM = '<script module lang="ts">'

/** Types hold no words; these three hold an expression beside a type. */
const TYPED = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
])

/**
 * The sentences that people read in one file, and the file as it asks the catalogue for them. The source stays plain
 * English: tests, svelte-check and the editor never see the other form.
 */
export function readSource(file: string, source: string): { found: Found[]; reading: Reading; code: string } {
  const isSvelte = file.endsWith('.svelte')
  const shift = isSvelte ? 0 : PROGRAM.length
  const whole = isSvelte ? source : `${PROGRAM}${source}</script>`
  const lineOf = (offset: number) => whole.slice(0, offset).split('\n').length
  const reading = new Reading(whole, lineOf, isSvelte)
  const tree: unknown = parse(whole, { modern: true, filename: file })
  if (!isNode(tree)) throw new Error(`${file} could not be read`)
  visitAll(tree, reading)
  if (reading.head !== '') addHead(tree, isSvelte, reading)
  if (!isSvelte) reading.edits.remove(0, shift).remove(whole.length - '</script>'.length, whole.length)
  return { found: reading.found, reading, code: reading.edits.toString() }
}

function visitAll(tree: Node, reading: Reading): void {
  const visit: Visit = (node, parent, key) => {
    if (node.type.startsWith('TS') && !TYPED.has(node.type)) return
    if (node.type === 'Literal') return readLiteral(node, parent, key, reading)
    if (node.type === 'TemplateLiteral') return readTemplate(node, parent, key, reading, visit)
    // A script's own attributes (`generics`) are types.
    if (node.type === 'Attribute' && parent?.type === 'Script') return
    if (node.type === 'Attribute' && parent) return readAttribute(node, parent, reading, visit)
    if (node.type === 'StyleDirective' || node.type === 'Comment' || node.type === 'StyleSheet') return
    if (node.type === 'Fragment') {
      if (parent && isWordless(parent)) return visitPlain(node)
      return readFragment(nodesAt(node, 'nodes'), parent ?? node, reading, visit)
    }
    for (const { key, child } of childrenOf(node)) {
      if (child.type.startsWith('TS') && !TYPED.has(child.type)) continue
      visit(child, node, key)
    }
  }
  const visitPlain = (fragment: Node) => {
    for (const node of nodesAt(fragment, 'nodes')) if (node.type !== 'Text') visit(node, fragment, 'nodes')
  }
  visit(tree, null, '')
}

/** The import, and the constants for sentences without values, at the head of the module's script. */
function addHead(tree: Node, isSvelte: boolean, reading: Reading): void {
  const { module } = tree
  const content = isNode(module) ? module.content : null
  if (isNode(content)) reading.edits.appendLeft(content.start, reading.head)
  else if (isSvelte) reading.edits.prepend(`${PROGRAM}${reading.head}</script>`)
}
