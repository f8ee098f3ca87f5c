import { DEMO } from '../../server/testing/delivery.ts'

/** What a process of the product is started with: nothing of the user's own set-up, and faults only when they are armed. */
export function productEnvironment(
  place: Record<string, string>,
  faults: string | undefined,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    SESSION_SECRET: 'a secret for chaos runs only, long enough',
    WHATSAPP_API_URL: 'http://127.0.0.1:9/v24.0',
    WHATSAPP_ACCESS_TOKEN: 'none',
    WHATSAPP_APP_SECRET: DEMO.appSecret,
    WHATSAPP_VERIFY_TOKEN: 'none',
    WHATSAPP_PHONE_NUMBER_ID: DEMO.phoneNumberId,
    DEMO: '1',
    ...place,
    ...(faults === undefined ? {} : { BATON_TEST_FAULTS: faults }),
  }
}
