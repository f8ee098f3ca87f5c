/** A Graph API that takes every message at once, so that what is measured is ours. */
let number = 0
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request) {
    await request.bytes()
    const id = `wamid.bench-sent-${process.pid}-${number++}`
    return Response.json({
      messaging_product: 'whatsapp',
      contacts: [{ input: '15552000000', wa_id: '15552000000' }],
      messages: [{ id }],
    })
  },
})
process.send?.({ kind: 'ready', url: server.url.origin })
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))

export {}
