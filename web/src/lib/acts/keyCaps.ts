const CAPS: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' }
const MAC_CAPS: Readonly<Record<string, string>> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' }

/** What is printed on the keys of an act, one word for each: `Ctrl k` is `Ctrl` and `K`. */
export function keyCaps(key: string, isMac: boolean): string[] {
  return key
    .split(' ')
    .map((part) => (isMac && MAC_CAPS[part]) || CAPS[part] || (part.length === 1 ? part.toUpperCase() : part))
}

export const isMac = () => typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
