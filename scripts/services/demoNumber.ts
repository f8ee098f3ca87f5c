/** The number (WhatsApp's word: phone number) that an instance answers for, as the server's environment names it. */
export interface WhatsAppNumber {
  phoneNumberId: string
  displayPhoneNumber: string
  businessAccountId: string
  name: string
}

const demo = {
  WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
  WHATSAPP_BUSINESS_ACCOUNT_ID: '102290129340398',
  WHATSAPP_ACCESS_TOKEN: 'demo-access-token',
  WHATSAPP_APP_SECRET: 'demo-app-secret',
  WHATSAPP_VERIFY_TOKEN: 'demo-verify-token',
}

const demoDisplayNumber = '15550783881'

/** True when the user set up a number of their own: then nothing of the demo applies. */
export function hasRealNumber(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.WHATSAPP_ACCESS_TOKEN)
}

/** The demo's values below the user's own. */
export function demoVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(demo).map(([name, value]) => [name, env[name] || value]))
}

/** The number that the demo workspace is made with. */
export function demoNumber(env: NodeJS.ProcessEnv): WhatsAppNumber {
  return {
    phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID || demo.WHATSAPP_PHONE_NUMBER_ID,
    displayPhoneNumber: demoDisplayNumber,
    businessAccountId: env.WHATSAPP_BUSINESS_ACCOUNT_ID || demo.WHATSAPP_BUSINESS_ACCOUNT_ID,
    name: 'Baton demo',
  }
}
