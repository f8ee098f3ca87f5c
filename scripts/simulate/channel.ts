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

/** A second number of another account, for whoever wants to connect one on the channels page. Nothing comes from it before. */
export const secondChannel: Channel = {
  phoneNumberId: '220540352242933',
  displayNumber: '15550991177',
  businessAccountId: '202290129340499',
  accessToken: 'second-access-token-of-the-demo',
  appSecret: 'second-app-secret',
  verifyToken: '',
  verifiedName: 'Linden & Oak Workshop',
}
