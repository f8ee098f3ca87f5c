import { Limits } from '../simulate/limits.ts'

/**
 * A Graph API that keeps the limits of Meta, and a log of who broke them. `?rate=` of `/reset` sets the throughput; `/log`
 * tells what reached it. It answers after a moment, as the real one does, so that requests overlap.
 */
export type GraphLog = {
  accepted: { to: string; text: string; atMs: number }[]
  breaches: number
  busiestSecond: number
}

const ANSWER_AFTER_MS = 60

let limits = new Limits({}, Date.now)
let accepted: GraphLog['accepted'] = []
let number = 0

const refusal = (code: number) =>
  Response.json({ error: { code, message: `(#${code})`, title: 'Limit' } }, { status: 400 })

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/reset') {
      limits = new Limits(
        { throughputPerSecond: Number(searchParams.get('rate')), isPairLimited: true },
        Date.now,
      )
      accepted = []
      return new Response('ok')
    }
    if (pathname === '/log') {
      const log: GraphLog = {
        accepted,
        breaches: limits.breaches().length,
        busiestSecond: limits.busiestSecond(),
      }
      return Response.json(log)
    }
    const message = (await request.json()) as { to: string; text: { body: string } }
    const code = limits.take(message.to, undefined)
    if (code === undefined) accepted.push({ to: message.to, text: message.text.body, atMs: Date.now() })
    await Bun.sleep(ANSWER_AFTER_MS)
    if (code !== undefined) return refusal(code)
    return Response.json({ messages: [{ id: `wamid.limited-${process.pid}-${number++}` }] })
  },
})
process.send?.({ kind: 'ready', url: server.url.origin })
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
