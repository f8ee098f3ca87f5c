/** A flaw that comparable products had, how it would look here, and the test that would notice. */
export type Flaw = {
  /** The ids under which it was published. */
  ids: string
  /** In whose product, and what. */
  what: string
  file: string
  /** What the flawed version says instead; each text stands exactly once in the file. */
  changes: readonly (readonly [from: string, to: string])[]
  test: string
  /** The name of the test that fails, or how it begins. */
  fails: string
  /** A test of the same file that passes all the same: the flaw is one, and no typing mistake. Null: the file has no other. */
  passes: string | null
}

/** The source with the flaw in it. @throws when the source has changed, and the flaw must be written anew */
export function plantedSource(source: string, { changes, file }: Flaw): string {
  return changes.reduce((text, [from, to]) => {
    const parts = text.split(from)
    if (parts.length !== 2)
      throw new Error(`This stands ${parts.length - 1} times in ${file}, not once:\n${from}`)
    return parts.join(to)
  }, source)
}
