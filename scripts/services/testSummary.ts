export interface TestSummary {
  passed: number
  failed: number
  skipped: number
}

/** Reads bun's own summary, whose lines are ` 12 pass`, ` 1 fail`, ` 2 skip`, ` 1 todo`, ` 1 error`. */
export class TestCount {
  #counts: Record<string, number> = {}

  read(line: string): void {
    const [, number, word] =
      /^\s*(\d+) (pass|fail|skip|todo|errors?)$/.exec(Bun.stripANSI(line).trimEnd()) ?? []
    if (number && word) this.#counts[word] = Number(number)
  }

  /** A run that ended badly has failed, whatever its summary says (a file that does not load is no failed test). */
  summary(exitCode: number | null): TestSummary {
    const { pass = 0, fail = 0, skip = 0, todo = 0, error = 0, errors = 0 } = this.#counts
    const failed = Math.max(fail, error, errors, exitCode === 0 ? 0 : 1)
    return { passed: pass, failed, skipped: skip + todo }
  }
}

/** The last line of a run, which others read. */
export function summaryLine({ passed, failed, skipped }: TestSummary): string {
  return `${skipped > 0 ? `(${skipped} skipped: what they need is not here)\n` : ''}${passed} passed, ${failed} failed`
}
