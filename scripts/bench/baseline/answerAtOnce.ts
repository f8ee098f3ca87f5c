/** Answers 200 at once and reads no body: what the generator reaches against it is the generator's own ceiling. */
const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('ok') })
process.send?.({ kind: 'ready', url: server.url.origin })
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))

export {}
