import { createTransport } from 'nodemailer'

/** Times after which a mail server that says nothing is given up. */
const CONNECT_WITHIN_MS = 10_000
const ANSWER_WITHIN_MS = 30_000

export type Mail = { to: string; subject: string; text: string }

/** Sends mail, or throws when the mail server does not take it. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void }

/** Mail by SMTP: `smtp://` (STARTTLS where the server offers it) or `smtps://`, with user and password in the URL. */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: ANSWER_WITHIN_MS,
    // Nothing that a mail says is read from a file or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async (mail) => void (await transport.sendMail({ from, ...mail })),
    close: () => transport.close(),
  }
}
