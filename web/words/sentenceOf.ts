import { isText } from './looksLikeWords.ts'
import { type Node, nodeAt, nodesAt, textAt } from './node.ts'
import type { Reading } from './reading.ts'

/** Elements whose text is no sentence. */
const WORDLESS = new Set(['script', 'style', 'code', 'pre', 'kbd', 'samp'])
const EDGE = /^(?:\s|&nbsp;|·)*|(?:\s|&nbsp;|·)*$/g

/** What stands at either end of a run of children and is neither letter nor value. */
export function isEdge(text: Node): boolean {
  return textAt(text, 'raw').replace(EDGE, '') === ''
}

/** From the first to the last letter of a run: white space and separating dots around it stay where they are. */
export function bounds(parts: Node[]): [number, number] {
  const [first, last] = [parts[0], parts.at(-1)]
  if (!first || !last) throw new Error('A run without parts has no bounds')
  const before = first.type === 'Text' ? (textAt(first, 'raw').match(EDGE)?.[0]?.length ?? 0) : 0
  const after = last.type === 'Text' ? (textAt(last, 'raw').match(EDGE)?.at(-1)?.length ?? 0) : 0
  return [first.start + before, last.end - after]
}

/** A sentence as text, with its values as they are built and as they stand in the source. */
export type Plain = { text: string; values: string[]; shown: string[] }

/** Texts and values in one sentence. */
export function plain(parts: Node[], reading: Reading): Plain {
  const said: Plain = { text: '', values: [], shown: [] }
  for (const part of parts) addPlain(part, said, reading)
  return said
}

export function addPlain(part: Node, said: Plain, reading: Reading): void {
  if (part.type === 'Text') {
    said.text += textAt(part, 'data')
    return
  }
  const expression = nodeAt(part, 'expression') ?? part
  said.text += `{${said.values.length}}`
  said.values.push(reading.slice(expression.start, expression.end))
  said.shown.push(reading.original(expression.start, expression.end))
}

/** Without the white space of the source. */
export const clean = (text: string) => text.replace(/\s+/g, ' ').replace(/^[\s·]+|[\s·]+$/g, '')

/** What stands in an element. */
export function contentOf(node: Node): Node[] {
  const fragment = nodeAt(node, 'fragment')
  return fragment ? nodesAt(fragment, 'nodes') : []
}

/** Whether there is something in an inline element that a translator must have before them. */
export function hasWords(node: Node): boolean {
  if (WORDLESS.has(textAt(node, 'name'))) return false
  return contentOf(node).some((part) =>
    part.type === 'Text' ? isText(textAt(part, 'data')) : part.type === 'ExpressionTag' || hasWords(part),
  )
}

/** Whether the text of an element is left as it is. */
export function isWordless(node: Node): boolean {
  return WORDLESS.has(textAt(node, 'name'))
}
