const MOST_LINES = 60
/** With colours, on a terminal, bun draws signs instead of words. */
const RESULT = /^(\((pass|fail|skip|todo)\)|[✓✗»✎]) /
const FAILED = /^(\(fail\)|✗) /

/**
 * Collects from what bun prints why tests failed: the lines between the result before and the one that failed. Bun tells them
 * once, far above the end of a long run, where who sees only the end of a log does not find them.
 */
export class TestFailures {
  #failures: string[][] = []
  #since: string[] = []
  #isOver = false

  read(line: string): void {
    const plain = Bun.stripANSI(line)
    if (/^ *\d+ (pass|tests? failed:)$/.test(plain)) this.#end()
    if (this.#isOver) return
    if (plain.startsWith('  ^ this test timed out')) return void this.#failures.at(-1)?.push(plain)
    this.#since.push(plain)
    if (RESULT.test(plain)) this.#settle(FAILED.test(plain))
  }

  /** In the order in which they came; empty when nothing failed. */
  get lines(): string[] {
    return this.#failures.flatMap((lines) => ['', ...lines])
  }

  #settle(hasFailed: boolean) {
    const isUnexpected = this.#since.some((line) => line.startsWith('# Unhandled error'))
    if (hasFailed || isUnexpected) this.#failures.push(this.#since.slice(-MOST_LINES))
    this.#since = []
  }

  /** After its tests bun lists their names once more. */
  #end() {
    this.#settle(false)
    this.#isOver = true
  }
}
