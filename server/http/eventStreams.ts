export type EventStreams = {
  /** The request, whose signal also aborts when this server leaves. */
  until(request: Request): Request
  /** Cuts every stream, so that a stop does not wait for them. */
  endAll(): void
}

/** Answers that never end by themselves: subscriptions by SSE. */
const isEventStream = (request: Request) =>
  request.headers.get('accept')?.includes('text/event-stream') ?? false

/**
 * The open event streams of this process. One that is cut by the signal of its request ends without tRPC's word that the
 * subscription is over: the client takes it for a lost connection, and comes back with its cursor.
 */
export function createEventStreams(): EventStreams {
  const leaving = new AbortController()
  return {
    until: (request) =>
      isEventStream(request)
        ? new Request(request, { signal: AbortSignal.any([request.signal, leaving.signal]) })
        : request,
    endAll: () => leaving.abort(),
  }
}
