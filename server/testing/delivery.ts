/** Signed deliveries as Meta would post them, for the demo's number. */

export type Delivery = { [key: string]: unknown }

export const DEMO = {
  appSecret: 'demo-app-secret',
  phoneNumberId: '106540352242922',
  displayPhoneNumber: '15550783881',
  businessAccountId: '102290129340398',
}

/** One POST with these parts in its one value. */
export function delivery(value: Delivery, field = 'messages', phoneNumberId = DEMO.phoneNumberId): Delivery {
  return {
    object: 'whatsapp_business_account',
    entry: [
      {
        id: DEMO.businessAccountId,
        changes: [
          {
            field,
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: DEMO.displayPhoneNumber, phone_number_id: phoneNumberId },
              ...value,
            },
          },
        ],
      },
    ],
  }
}

/** A text of a customer, as Meta's page "Text messages webhooks" shows it. */
export function textDelivery(
  wamid: string,
  body: string,
  from = '16505551234',
  sentAt = new Date(),
): Delivery {
  return delivery({
    contacts: [{ profile: { name: 'Sheena Nelson' }, wa_id: from }],
    messages: [{ from, id: wamid, timestamp: seconds(sentAt), type: 'text', text: { body } }],
  })
}

/** A status of one of our messages. */
export function statusDelivery(wamid: string, status: string, details: Delivery = {}): Delivery {
  return delivery({
    statuses: [
      { id: wamid, status, timestamp: seconds(new Date()), recipient_id: '16505551234', ...details },
    ],
  })
}

export const seconds = (moment: Date) => String(Math.floor(moment.getTime() / 1000))

/** The value of `X-Hub-Signature-256` for these bytes. */
export function signatureOf(body: string | Uint8Array, secret = DEMO.appSecret): string {
  return `sha256=${new Bun.CryptoHasher('sha256', secret).update(body).digest('hex')}`
}

/** Posts a delivery, signed. */
export function post(url: string, body: Delivery | string, signature?: string | null): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const signed = signature === undefined ? signatureOf(text) : signature
  return fetch(`${url}/webhooks/whatsapp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signed === null ? {} : { 'x-hub-signature-256': signed }),
    },
    body: text,
  })
}
