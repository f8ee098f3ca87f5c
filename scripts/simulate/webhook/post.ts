import { sign } from './sign.ts'

/** Posts one body to the webhook; what went wrong, or undefined when it was taken. */
export async function postSigned(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  appSecret: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Hub-Signature-256': sign(body, appSecret),
        'User-Agent': 'facebookexternalua',
      },
      body,
      redirect: 'manual',
      signal,
    })
    await answer.body?.cancel()
    return answer.status === 200 ? undefined : `HTTP ${answer.status}`
  } catch {
    return 'not reachable'
  }
}
