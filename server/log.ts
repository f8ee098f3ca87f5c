import pino, { type Logger } from 'pino'

export type Log = Logger

/** Where a secret could ride along in what is logged: headers of a request, results of better-auth. */
const SECRETS = ['authorization', 'cookie', 'set-cookie', 'token', 'password', 'accessToken', 'secret']

/**
 * The log of a process: one JSON object a line on stdout, facts with ids. Never the text of messages, phone numbers,
 * e-mail addresses or tokens; the redaction below is the net, not the rule.
 */
export function createLog(options: { level: string; name: string }): Log {
  return pino({
    level: options.level,
    name: options.name,
    base: { name: options.name, pid: process.pid },
    redact: {
      paths: SECRETS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
      censor: '[redacted]',
    },
    serializers: { err: plainError, error: plainError },
  })
}

/**
 * What of an error may be logged. The message of a failed query carries its parameters (drizzle) and `detail` the row
 * (Postgres): texts and phone numbers of customers. So of those only the cause's own sentence is kept.
 */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? error : typeof error }
  const isQuery = 'query' in error && error.cause instanceof Error
  const told = isQuery && error.cause instanceof Error ? error.cause : error
  return {
    type: error.name,
    message: isQuery ? `query failed: ${told.message}` : told.message,
    ...('code' in told && { code: told.code }),
    stack: frames(error),
    ...(!isQuery && error.cause instanceof Error && { cause: plainError(error.cause) }),
  }
}

/** The stack without its first lines, which repeat the message. */
function frames(error: Error): string | undefined {
  return error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n')
}
