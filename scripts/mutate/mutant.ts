/** One small change of a program, as somebody could have made it by mistake. */
export type Mutant = {
  /** From 1. */
  line: number
  start: number
  end: number
  /** What stands between `start` and `end` instead. */
  text: string
  /** In a few words, for the list of those that nobody noticed. */
  what: string
}

/** The program with the change in it. */
export function mutated(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end)
}
