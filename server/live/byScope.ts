/** Keys by what they belong to. Scopes that are empty are forgotten. */
export class ByScope {
  readonly #sets = new Map<string, Set<string>>()

  add(scope: string, key: string): void {
    this.#sets.set(scope, (this.#sets.get(scope) ?? new Set()).add(key))
  }

  delete(scope: string, key: string): void {
    const keys = this.#sets.get(scope)
    keys?.delete(key)
    if (keys?.size === 0) this.#sets.delete(scope)
  }

  keys(scope: string): string[] {
    return [...(this.#sets.get(scope) ?? [])]
  }
}
