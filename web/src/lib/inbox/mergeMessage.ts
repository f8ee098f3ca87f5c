import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { advanced, type Reached } from './status.ts'

/** How the history of a new number names a medium that comes later, under the same wamid. It gives way once, to anything. */
const PLACEHOLDER = 'media_placeholder'

/** Two snapshots of one message, in whatever order they came: the further status, the later edit, taken back for good. */
export function mergeMessage(held: MessageSnapshot, incoming: MessageSnapshot): MessageSnapshot {
  const whole = held.type === PLACEHOLDER && incoming.type !== PLACEHOLDER ? incoming : held
  const edit = laterEdit(held.edit, incoming.edit)
  const revokedAt = held.revokedAt ?? incoming.revokedAt
  const next = advanced(whole === held ? held : { ...incoming, ...reachedBy(held) }, incoming)
  const wasDeliveredEarlier = held.wasDeliveredEarlier || incoming.wasDeliveredEarlier
  const media = laterMedia(held.media, incoming.media)
  const isSame =
    edit === held.edit &&
    revokedAt === held.revokedAt &&
    media === held.media &&
    wasDeliveredEarlier === held.wasDeliveredEarlier
  if (next === held && isSame) return held
  return { ...next, edit, revokedAt, media, wasDeliveredEarlier }
}

/** A file that is here stays here. Before that it goes back and forth with each try, and the last word counts. */
function laterMedia(held: MessageSnapshot['media'], incoming: MessageSnapshot['media']) {
  if (held === null || incoming === null) return held ?? incoming
  if (held.id !== incoming.id) return incoming
  const isSame = held.state === incoming.state && held.failure === incoming.failure
  return held.state === 'stored' || isSame ? held : incoming
}

function laterEdit(a: MessageSnapshot['edit'], b: MessageSnapshot['edit']): MessageSnapshot['edit'] {
  if (a === null || b === null) return a ?? b
  return b.position > a.position ? b : a
}

const reachedBy = ({
  status,
  attempt,
  error,
  wamid,
  retryAt,
  decideAt,
  dismissedAt,
}: MessageSnapshot): Required<Reached> => ({ status, attempt, error, wamid, retryAt, decideAt, dismissedAt })
