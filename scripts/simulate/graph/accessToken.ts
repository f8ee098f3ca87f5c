import type { Channel } from '../channel.ts'
import { Refusal } from './refusal.ts'

/** The access token of the business: it can expire, and everything is refused with 190 until a new one is set. */
export class AccessToken {
  private expiredAt: number | undefined
  /** What it may be used for, and until when; null: for ever. As `debug_token` tells it. */
  scopes: readonly string[] = ['whatsapp_business_management', 'whatsapp_business_messaging']
  expiresAt: number | null = null

  constructor(
    private readonly channel: Channel,
    private readonly now: () => number,
  ) {}

  expire(): void {
    this.expiredAt ??= this.now()
  }

  /** The token is good again, as if it had been renewed. */
  restore(): void {
    this.expiredAt = undefined
  }

  /** From now on only this token is good. */
  replace(token: string): void {
    this.channel.accessToken = token
    this.restore()
  }

  get isExpired(): boolean {
    return this.expiredAt !== undefined
  }

  /** Throws Meta's refusal unless the request carries the token of today. */
  check(request: Request): void {
    const given = request.headers.get('authorization') ?? ''
    if (given === '')
      throw new Refusal(190, { sentence: 'An access token is required to request this resource.' })
    if (given !== `Bearer ${this.channel.accessToken}`) throw new Refusal(190)
    if (this.expiredAt === undefined) return
    const at = new Date(this.expiredAt).toUTCString()
    throw new Refusal(190, {
      subcode: 463,
      sentence: `Error validating access token: Session has expired on ${at}.`,
    })
  }
}
