import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { END, isWithin, type Span, spanAt } from './spans.ts'
import { messagesIn, shownSpan, type ThreadState } from './threadState.ts'

/** How many messages are kept on each side of the reader. */
const BESIDE = 240
/** And at the newest end, so that what comes in is counted and the way back is short. */
const AT_THE_END = 120
/** A thread that holds no more than this is left alone. */
export const ROOMY = 720

/**
 * The thread without what is far from the reader, who is at the position `at`. Only for a moment in which no page is on its
 * way: what stands in a gap, and what is said of messages that are not here, is forgotten, since the page that is asked for
 * later knows it.
 */
export function trimThread(thread: ThreadState, at: string): ThreadState {
  const spans = keptSpans(thread, at)
  const messages = new Map(
    [...thread.messages].filter(([, { position }]) => spans.some((span) => isWithin(span, position))),
  )
  const gone = wamidsOf([...thread.messages.values()].filter(({ id }) => !messages.has(id)))
  const reactions = new Map([...thread.reactions].filter(([, { targetWamid }]) => !gone.has(targetWamid)))
  return { ...thread, messages, reactions, early: new Map(), spans }
}

function keptSpans(thread: ThreadState, at: string): Span[] {
  const shown = shownSpan(thread, at)
  if (!shown) return []
  const messages = messagesIn(thread, shown)
  const before = messages.filter(({ position }) => position <= at).length
  const first = Math.max(0, before - BESIDE)
  const last = Math.min(messages.length - 1, before + BESIDE)
  const around = {
    from: first === 0 ? shown.from : positionOf(messages, first),
    to: last === messages.length - 1 ? shown.to : positionOf(messages, last),
  }
  const newest = newestEnd(thread)
  if (!newest) return [around]
  return newest.from <= around.to ? [{ from: around.from, to: END }] : [around, newest]
}

/** The last messages of the thread, when it is held to its end. */
function newestEnd(thread: ThreadState): Span | null {
  const span = spanAt(thread.spans, END)
  if (!span) return null
  const messages = messagesIn(thread, span)
  const first = messages.length - AT_THE_END
  return first <= 0 ? span : { from: positionOf(messages, first), to: END }
}

const positionOf = (messages: readonly MessageSnapshot[], index: number) => messages[index]?.position ?? END

const wamidsOf = (messages: readonly MessageSnapshot[]) => new Set(messages.map(({ wamid }) => wamid))
