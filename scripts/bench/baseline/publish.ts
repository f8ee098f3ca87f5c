import { z } from 'zod'

/** The bare fan-out that the feed stands beside: one topic, `ws.publish` of the bytes it is given, as often as it is told. */

const told = z.object({ text: z.string(), times: z.number().int() })

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request, self) {
    if (request.method === 'POST') {
      const { text, times } = told.parse(await request.json())
      for (let time = 0; time < times; time++) self.publish('all', text)
      return new Response('ok')
    }
    return self.upgrade(request) ? undefined : new Response('not a socket', { status: 400 })
  },
  websocket: {
    open(socket) {
      socket.subscribe('all')
    },
    message() {},
    perMessageDeflate: false,
    backpressureLimit: 1024 * 1024 * 1024,
  },
})
process.send?.({ kind: 'ready', url: server.url.origin })
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
