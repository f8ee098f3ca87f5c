/** What a character that was just typed may begin. */
export type TriggerKind = 'canned' | 'mention' | 'emoji'

/** What is being looked for: from where in the text to the caret, and the words behind the sign. */
export type Trigger = { kind: TriggerKind; start: number; end: number; query: string }

/** Each at the start of a word only: addresses, fractions and times have these signs too. Names may be of two words. */
const PATTERNS: Record<TriggerKind, RegExp> = {
  canned: /(?<=^|\s)\/([\p{L}\p{N}_-]{0,40})$/u,
  mention: /(?<=^|[\s([{“"'])@([^\s@]{0,30}(?: [^\s@]{1,30})?)$/u,
  emoji: /(?<=^|[\s([{]):([\p{L}\p{N}_+-]{2,30})$/u,
}

/** What is begun right before the caret, of the kinds that are possible here; null: nothing. */
export function triggerAt(text: string, caret: number, kinds: readonly TriggerKind[]): Trigger | null {
  const before = text.slice(0, caret)
  for (const kind of kinds) {
    const match = PATTERNS[kind].exec(before)
    if (match) return { kind, start: match.index, end: caret, query: match[1] ?? '' }
  }
  return null
}
