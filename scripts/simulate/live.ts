const encoder = new TextEncoder()
/** A comment now and then finds connections whose other end is gone. */
const heartbeatMs = 20_000

/**
 * Tells open pages that something changed, by server-sent events.
 *
 * An event names the phone that changed and carries no content: the page reads what it shows, so a page that
 * missed an event is right again after the next one.
 */
export class Live {
  private readonly pages = new Set<ReadableStreamDefaultController<Uint8Array>>()
  private readonly heartbeat = setInterval(() => this.write(': still here\n\n'), heartbeatMs)

  tell(change: { number?: string }): void {
    // Under load nobody looks, and this is called for every entry.
    if (this.pages.size === 0) return
    this.write(`data: ${JSON.stringify(change)}\n\n`)
  }

  /** A stream for one page, until the page goes away. */
  open(signal: AbortSignal): Response {
    const pages = this.pages
    let page: ReadableStreamDefaultController<Uint8Array> | undefined
    const leave = () => void (page && pages.delete(page))
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        page = controller
        pages.add(controller)
        controller.enqueue(encoder.encode('retry: 1000\n\n'))
      },
      cancel: leave,
    })
    signal.addEventListener('abort', leave)
    return new Response(stream, {
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
    })
  }

  stop(): void {
    clearInterval(this.heartbeat)
    for (const page of this.pages) close(page)
    this.pages.clear()
  }

  private write(text: string): void {
    const bytes = encoder.encode(text)
    for (const page of this.pages) {
      try {
        page.enqueue(bytes)
      } catch {
        this.pages.delete(page)
      }
    }
  }
}

function close(page: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    page.close()
  } catch {
    // It was closed from the other side already.
  }
}
