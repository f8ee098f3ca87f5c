/** A node of Svelte's or JavaScript's syntax tree, as far as words are concerned. */
export type Node = { type: string; start: number; end: number } & Record<string, unknown>

/** A parser's way in: trees are untyped here, because Svelte's and ESTree's nodes are walked alike. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

export function nodeAt(node: Node, key: string): Node | null {
  const child = node[key]
  return isNode(child) ? child : null
}

export function nodesAt(node: Node, key: string): Node[] {
  const children = node[key]
  return Array.isArray(children) ? children.filter(isNode) : []
}

export function textAt(node: Node, key: string): string {
  const text = node[key]
  return typeof text === 'string' ? text : ''
}

/** All nodes right below this one, in the order of the source. */
export function childrenOf(node: Node): { key: string; child: Node }[] {
  const found = Object.entries(node).flatMap(([key, value]) =>
    NOT_CHILDREN.has(key)
      ? []
      : (Array.isArray(value) ? value : [value]).filter(isNode).map((child) => ({ key, child })),
  )
  return found.sort((a, b) => startOf(a.child) - startOf(b.child))
}

/** A fragment of Svelte has no start of its own, and comes after what stands in the tag. */
const startOf = ({ start }: Node) => start ?? Number.MAX_SAFE_INTEGER

const NOT_CHILDREN = new Set(['loc', 'metadata', 'parent', 'leadingComments', 'trailingComments', 'name_loc'])
