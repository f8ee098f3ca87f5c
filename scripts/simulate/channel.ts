/** The business's WhatsApp number and the secrets that belong to it. */
export interface Channel {
  phoneNumberId: string
  displayNumber: string
  businessAccountId: string
  accessToken: string
  appSecret: string
  verifyToken: string
  verifiedName: string
}

/** The values that a demo runs with when nothing is set. */
export const demoChannel: Channel = {
  phoneNumberId: '106540352242922',
  displayNumber: '15550783881',
  businessAccountId: '102290129340398',
  accessToken: 'demo-access-token',
  appSecret: 'demo-app-secret',
  verifyToken: 'demo-verify-token',
  verifiedName: 'Linden & Oak',
}
