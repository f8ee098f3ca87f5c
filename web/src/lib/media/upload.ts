import type { MediaKind, MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import { refusalInWords } from '../api/refusalInWords.ts'

export type UploadTarget = { channelId: string; kind: MediaKind; filename: string; isVoice?: boolean }

/** `refused`: the server said no, and why. `away`: it could not be asked; trying again may help. */
export type Uploaded = { media: MediaSnapshot } | { refused: string } | { away: string } | { aborted: true }

export type Upload = { done: Promise<Uploaded>; abort: () => void }

const AWAY = 'The server cannot be reached. Check your connection, then try again.'
const BUSY = 'The server cannot take files right now. Try again in a moment.'

/** Sends a file to the server; over XMLHttpRequest, because `fetch` does not tell how far an upload is. */
export function upload(file: Blob, target: UploadTarget, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest()
  const done = new Promise<Uploaded>((resolve) => {
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total ? loaded / total : 0))
    request.addEventListener('load', () => resolve(outcomeOf(request.status, request.responseText)))
    request.addEventListener('error', () => resolve({ away: AWAY }))
    request.addEventListener('timeout', () => resolve({ away: AWAY }))
    request.addEventListener('abort', () => resolve({ aborted: true }))
  })
  request.open('POST', addressOf(target))
  request.setRequestHeader('content-type', file.type || 'application/octet-stream')
  request.send(file)
  return { done, abort: () => request.abort() }
}

function addressOf({ channelId, kind, filename, isVoice }: UploadTarget): string {
  const query = new URLSearchParams({ channelId, kind, filename, ...(isVoice && { voice: '1' }) })
  return `/media?${query}`
}

/** What the answer to an upload says. */
export function outcomeOf(status: number, text: string): Uploaded {
  const answer = parsed(text)
  if (status === 201 && isObject(answer.media)) return { media: answer.media as MediaSnapshot }
  const reason = typeof answer.reason === 'string' ? answer.reason : null
  const words = typeof answer.error === 'string' ? refusalInWords(reason, answer.error) : null
  const isPassing = status >= 500 || status === 429 || status === 408 || status === 401
  if (isPassing) return { away: words ?? BUSY }
  return { refused: words ?? 'The server did not take this file.' }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
