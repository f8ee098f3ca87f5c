import { createHmac } from 'node:crypto'

/** The value of `X-Hub-Signature-256`: HMAC-SHA256 of the raw bytes, keyed with the app secret. */
export function sign(body: Uint8Array, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
}

/**
 * JSON as Meta writes it: everything beyond ASCII as `\uXXXX` and slashes escaped. A receiver that parses and
 * writes again before it checks the signature gets other bytes, and is found out here.
 */
export function metaJson(value: unknown): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value)
    .replace(/\//g, '\\/')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return new TextEncoder().encode(text)
}
