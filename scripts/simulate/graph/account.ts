import type { Channel } from '../channel.ts'
import type { JsonObject } from '../entry.ts'
import type { AccessToken } from './accessToken.ts'

/** `GET /{phone_number_id}`: what Meta knows about the business's number. */
export function phoneNumber(channel: Channel, throughputPerSecond: number | null): JsonObject {
  return {
    verified_name: channel.verifiedName,
    display_phone_number: `+${channel.displayNumber}`,
    code_verification_status: 'VERIFIED',
    quality_rating: 'GREEN',
    platform_type: 'CLOUD_API',
    throughput: { level: (throughputPerSecond ?? 0) >= 1000 ? 'HIGH' : 'STANDARD' },
    is_on_biz_app: throughputPerSecond === 20,
    name_status: 'APPROVED',
    status: 'CONNECTED',
    whatsapp_business_manager_messaging_limit: 'TIER_2K',
    id: channel.phoneNumberId,
  }
}

/** `GET /{WABA_ID}`. */
export function businessAccount(channel: Channel): JsonObject {
  return {
    id: channel.businessAccountId,
    name: channel.verifiedName,
    timezone_id: '1',
    message_template_namespace: 'ba30dd89_2ebd_41e4_b805_f2c05ae04cc9',
  }
}

/** `GET /debug_token?input_token=`: what a token is. */
export function debugToken(token: AccessToken): JsonObject {
  const seconds = (ms: number | null) => (ms === null ? 0 : Math.floor(ms / 1000))
  return {
    data: {
      app_id: APP.id,
      type: 'SYSTEM_USER',
      application: APP.name,
      data_access_expires_at: 0,
      expires_at: seconds(token.expiresAt),
      is_valid: !token.isExpired,
      scopes: [...token.scopes],
    },
  }
}

const APP = { id: '670843887433847', name: 'Baton', link: 'https://www.facebook.com/' }

/** `GET /{WABA_ID}/subscribed_apps`: empty for an account that nobody attached, which gets no webhooks. */
export function subscribedApps(isSubscribed: boolean): JsonObject {
  return { data: isSubscribed ? [{ whatsapp_business_api_data: APP }] : [] }
}
