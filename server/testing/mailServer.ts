import { TextDecoder } from 'node:util'

export type TakenMail = { from: string; to: string; subject: string; text: string }

/** A mail server that takes what it is given and delivers nothing. */
export type MailServer = {
  url: string
  mails: TakenMail[]
  /** It takes connections and says nothing from now on, as a mail server does that is overloaded. */
  fallSilent(isSilent: boolean): void
  /** Connections that it said nothing to. */
  heldCalls(): number
  stop(): void
}

type Talk = { buffer: string; isBody: boolean; from: string; to: string }

const END_OF_BODY = '\r\n.\r\n'

/** SMTP (RFC 5321) as far as a client needs it, on a free port of this machine. */
export function startMailServer(): MailServer {
  const mails: TakenMail[] = []
  let isSilent = false
  let held = 0
  const server = Bun.listen<Talk>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open(socket) {
        socket.data = { buffer: '', isBody: false, from: '', to: '' }
        if (isSilent) held++
        else socket.write('220 test.baton ESMTP\r\n')
      },
      data(socket, bytes) {
        const talk = socket.data
        talk.buffer += new TextDecoder().decode(bytes)
        for (;;) {
          const end = talk.buffer.indexOf(talk.isBody ? END_OF_BODY : '\r\n')
          if (end < 0) return
          const said = talk.buffer.slice(0, end)
          talk.buffer = talk.buffer.slice(end + (talk.isBody ? END_OF_BODY.length : 2))
          if (talk.isBody) mails.push(readMail(said, talk))
          socket.write(`${talk.isBody ? '250 taken' : answerTo(said, talk)}\r\n`)
          talk.isBody = !talk.isBody && /^DATA$/i.test(said)
        }
      },
    },
  })
  return {
    url: `smtp://127.0.0.1:${server.port}`,
    mails,
    fallSilent: (value) => {
      isSilent = value
    },
    heldCalls: () => held,
    stop: () => server.stop(true),
  }
}

function answerTo(said: string, talk: Talk): string {
  const address = /<(.*)>/.exec(said)?.[1] ?? ''
  if (/^MAIL FROM:/i.test(said)) talk.from = address
  if (/^RCPT TO:/i.test(said)) talk.to = address
  if (/^DATA$/i.test(said)) return '354 go on'
  return /^QUIT$/i.test(said) ? '221 bye' : '250 fine'
}

function readMail(source: string, { from, to }: Talk): TakenMail {
  const [head = '', ...rest] = source.split('\r\n\r\n')
  const headers = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const header = (name: string) =>
    headers.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
  const body = rest.join('\r\n\r\n')
  const encoding = header('Content-Transfer-Encoding')
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString()
      : encoding === 'quoted-printable'
        ? unquoted(body)
        : body
  return { from, to, subject: words(header('Subject')), text }
}

function unquoted(body: string): string {
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

/** RFC 2047: `=?UTF-8?Q?…?=` and `=?UTF-8?B?…?=`. */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?(.*?)\?=/gi, (_, kind: string, inner: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(inner, 'base64').toString()
        : unquoted(inner.replaceAll('_', ' ')),
    )
}
