import { connect } from 'node:net'

const answerWithinMs = 1_000

/** True when the Redis on this port answers PONG to our password: it is up, it is ours, and its data is loaded. */
export function pingRedis(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let answer = ''
    const finish = (isReady: boolean) => {
      socket.destroy()
      resolve(isReady)
    }
    socket.setTimeout(answerWithinMs, () => finish(false))
    socket.on('error', () => finish(false))
    socket.on('close', () => finish(false))
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (answer.includes('+PONG')) finish(true)
      else if (answer.split('\r\n').length > 2) finish(false)
    })
  })
}
