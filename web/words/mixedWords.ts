import { type Node, nodesAt } from './node.ts'
import type { Reading } from './reading.ts'
import type { Visit } from './scriptWords.ts'
import { addPlain, bounds, clean, contentOf, hasWords, type Plain } from './sentenceOf.ts'

/**
 * A sentence with elements in it. The elements stay where they are in the source, each in a branch of its own, and the
 * pieces of the translation say in which order they come: `{#each pieces as p}{#if p.i === 0}<b>…</b>{:else}{p.t}{/if}{/each}`.
 */
export function readMixed(parts: Node[], parent: Node, reading: Reading, visit: Visit): void {
  const said: Plain = { text: '', values: [], shown: [] }
  const [start, end] = bounds(parts)
  const elements = { count: 0 }
  const name = openPieces(parts, start, end, parent, said, elements, reading, visit)
  const call = reading.pieces(clean(said.text), start, said.values, said.shown)
  reading.edits.prependRight(start, `{#each ${call} as ${name}}`)
}

/** Wraps one level of elements, and puts its text, with `<0>` for the elements, into `said`. Gives the name of a piece. */
function openPieces(
  parts: Node[],
  start: number,
  end: number,
  parent: Node,
  said: Plain,
  elements: { count: number },
  reading: Reading,
  visit: Visit,
): string {
  const name = reading.pieceName()
  let isFirst = true
  for (const part of parts) {
    if (part.type !== 'RegularElement') {
      if (part.type === 'ExpressionTag') visit(part, parent, 'nodes')
      addPlain(part, said, reading)
      const [from, to] = [Math.max(part.start, start), Math.min(part.end, end)]
      if (from < to) reading.edits.remove(from, to)
      continue
    }
    const number = elements.count++
    reading.edits.appendRight(part.start, `{${isFirst ? '#if' : ':else if'} ${name}.i===${number}}`)
    isFirst = false
    if (hasWords(part)) {
      for (const attribute of nodesAt(part, 'attributes')) visit(attribute, part, 'attributes')
      const content = contentOf(part)
      const [first, last] = [content[0], content.at(-1)]
      said.text += `<${number}>`
      if (first && last) {
        const inner = openPieces(content, first.start, last.end, part, said, elements, reading, visit)
        reading.edits.prependRight(first.start, `{#each ${name}.c as ${inner}}`)
      }
      said.text += `</${number}>`
    } else {
      visit(part, parent, 'nodes')
      said.text += `<${number}/>`
    }
  }
  reading.edits.appendLeft(end, isFirst ? `{${name}.t}{/each}` : `{:else}{${name}.t}{/if}{/each}`)
  return name
}
