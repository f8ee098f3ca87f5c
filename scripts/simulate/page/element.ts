type Child = Node | string | undefined

/** Makes an element with these properties and children; `undefined` children are left out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/** The element with this id, which the page is known to have. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}`)
  return found
}

/**
 * Makes the children of `parent` these keyed ones. An element whose content did not change stays in place, so that
 * focus, hover and a voice note that plays survive an update.
 */
export function keep<Item>(
  parent: HTMLElement,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  make: (item: Item) => HTMLElement,
): void {
  const old = new Map(Array.from(parent.children, (child) => [(child as HTMLElement).dataset.key, child]))
  const next = items.map((item) => {
    const key = keyOf(item)
    const child = old.get(key) ?? make(item)
    ;(child as HTMLElement).dataset.key = key
    return child
  })
  const wanted = new Set(next)
  for (const child of Array.from(parent.children)) if (!wanted.has(child)) child.remove()
  for (const [index, child] of next.entries()) {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null)
  }
}
