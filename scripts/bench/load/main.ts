import { planSchema } from './plan.ts'
import { run } from './run.ts'

/** The load generator, a process of its own: POST a plan to `/run` and get what came of it; `/stop` ends an open loop early. */

let stop = new AbortController()

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  idleTimeout: 0,
  routes: {
    '/run': async (request) => {
      stop = new AbortController()
      const result = await run(planSchema.parse(await request.json()), stop.signal)
      Bun.gc(true)
      return Response.json(result)
    },
    '/stop': () => {
      stop.abort()
      return new Response('ok')
    },
  },
  error: (error) => new Response(error.stack ?? error.message, { status: 500 }),
})
process.send?.({ kind: 'ready', url: server.url.origin })
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
