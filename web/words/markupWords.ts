import { isText } from './looksLikeWords.ts'
import { readMixed } from './mixedWords.ts'
import { type Node, nodesAt, textAt } from './node.ts'
import type { Reading } from './reading.ts'
import type { Visit } from './scriptWords.ts'
import { bounds, clean, contentOf, hasWords, isEdge, plain } from './sentenceOf.ts'

/** Elements that stand inside a sentence and move with it. */
const INLINE = new Set([
  'b',
  'strong',
  'em',
  'i',
  's',
  'a',
  'span',
  'small',
  'bdi',
  'time',
  'kbd',
  'code',
  'q',
  'mark',
  'sup',
  'sub',
])
/** Attributes that people read or hear, whatever they begin with. */
const READ_ATTRIBUTES = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
  'label',
  'words',
])
/** Attributes in which nothing is for people. */
const CODE_ATTRIBUTES =
  /^(class|style|id|for|name|type|href|src|key|role|rel|target|lang|dir|d|viewBox|autocomplete|inputmode|enterkeyhint|aria-(describedby|labelledby|controls|owns|live|haspopup|current|orientation|autocomplete|relevant)|data-.*|translate)$/

/** The children of an element or a block: each run of texts, values and inline elements is one sentence. */
export function readFragment(nodes: Node[], parent: Node, reading: Reading, visit: Visit): void {
  let run: Node[] = []
  const end = () => {
    readRun(run, parent, reading, visit)
    run = []
  }
  for (const node of nodes) {
    if (isPart(node)) run.push(node)
    else {
      end()
      visit(node, parent, 'nodes')
    }
  }
  end()
}

/** `class="…"` and its like are left alone; what is read aloud or shown is words. */
export function readAttribute(node: Node, owner: Node, reading: Reading, visit: Visit): void {
  const name = textAt(node, 'name')
  const isComponent = owner.type !== 'RegularElement'
  if (CODE_ATTRIBUTES.test(name) && !(isComponent && /^(name|type|role)$/.test(name))) return
  const value = nodesAt({ ...node, value: [node.value].flat() }, 'value')
  const isRead =
    READ_ATTRIBUTES.has(name) || (isComponent && /^\p{Lu}.*\p{Ll}/u.test(textAt(value[0] ?? node, 'data')))
  for (const part of value) if (part.type !== 'Text') visit(part, node, 'value')
  if (!value.some(({ type }) => type === 'Text')) return
  const first = value[0]
  const last = value.at(-1)
  if (!isRead || !first || !last) return
  const { text, values, shown } = plain(value, reading)
  if (!isText(text)) return
  const hasQuotes = /["']/.test(reading.original(first.start - 1, first.start))
  const [start, end] = hasQuotes ? [first.start - 1, last.end + 1] : [first.start, last.end]
  reading.edits.overwrite(start, end, `{${reading.call(text, start, values, shown)}}`)
}

/** What can stand in a sentence; a block, a component or a button ends it. */
function isPart(node: Node): boolean {
  if (node.type === 'Text' || node.type === 'ExpressionTag') return true
  if (node.type !== 'RegularElement' || !INLINE.has(textAt(node, 'name'))) return false
  return contentOf(node).every(isPart)
}

function readRun(run: Node[], parent: Node, reading: Reading, visit: Visit): void {
  const parts = withoutEdges(run)
  const inner = new Set(parts)
  for (const node of run) if (!inner.has(node) && node.type !== 'Text') visit(node, parent, 'nodes')
  const hasText = parts.some((node) => node.type === 'Text' && isText(textAt(node, 'data')))
  if (hasText && parts.some(({ type }) => type === 'RegularElement')) {
    readMixed(parts, parent, reading, visit)
    return
  }
  for (const part of parts) if (part.type !== 'Text') visit(part, parent, 'nodes')
  if (!hasText) return
  const [start, end] = bounds(parts)
  const { text, values, shown } = plain(parts, reading)
  reading.edits.overwrite(start, end, `{${reading.call(clean(text), start, values, shown)}}`)
}

/** What an element that shows nothing to be read (an icon's place, a key) leaves at either end of a sentence. */
function withoutEdges(run: Node[]): Node[] {
  const counts = (node: Node) =>
    node.type === 'Text' ? !isEdge(node) : node.type === 'ExpressionTag' || hasWords(node)
  const first = run.findIndex(counts)
  return first < 0 ? [] : run.slice(first, run.findLastIndex(counts) + 1)
}
