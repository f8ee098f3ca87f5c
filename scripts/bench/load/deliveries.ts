import { DEMO, type Delivery, seconds, signatureOf } from '../../../server/testing/delivery.ts'

/** A message of the mix: its JSON without the parts that all kinds share. */
type Content = (place: number) => Delivery

const TEXTS = [
  'Does it come in another color?',
  'When will it arrive? I ordered on Monday and the page still says that it is being packed.',
  'Obrigada! 🙏',
  'Ist das noch verfügbar?',
  '¿Puedo cambiar la dirección de entrega?',
  'هل يمكن التوصيل غدًا؟',
  'It is the second parcel that arrives damaged. Order 4471, and I would like my money back this time.',
]

const text: Content = (place) => ({
  type: 'text',
  text: { body: `${TEXTS[place % TEXTS.length]} (${place})` },
})
const image: Content = (place) => ({
  type: 'image',
  image: { caption: 'This one', mime_type: 'image/jpeg', sha256: hash(place), id: String(10 ** 15 + place) },
})
const voice: Content = (place) => ({
  type: 'audio',
  audio: {
    mime_type: 'audio/ogg; codecs=opus',
    sha256: hash(place),
    id: String(2 * 10 ** 15 + place),
    voice: true,
  },
})
const button: Content = (place) => ({
  type: 'interactive',
  interactive: { type: 'button_reply', button_reply: { id: `choice-${place % 3}`, title: 'Tomorrow' } },
})
const place: Content = (number) => ({
  type: 'location',
  location: { latitude: 52.5 + (number % 100) / 1000, longitude: 13.4, name: 'Here' },
})

/** What customers write, in the shares of a shop's ordinary day: of 20 messages, 15 texts, 2 pictures, 1 of each other. */
const MIX: readonly Content[] = [...Array<Content>(15).fill(text), image, image, voice, button, place]

const hash = (number: number) => Buffer.from(`sha-256 of picture ${number}`.padEnd(32)).toString('base64')

export type DeliveryMix = { run: string; contacts: number }

/** The wamid of a message of this run: as long as WhatsApp's own, and never twice. */
export function wamidOf(run: string, number: number): string {
  return `wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQz${run}${String(number).padStart(12, '0')}A=`
}

/** The body of a POST that carries messages `first` to `first + count - 1` of the run, each of another customer. */
export function deliveryBody({ run, contacts }: DeliveryMix, first: number, count: number): string {
  const timestamp = seconds(new Date())
  const changes = Array.from({ length: count }, (_, index) => {
    const number = first + index
    // A large odd step walks through all contacts in an order that looks like chance, and is the same in each run.
    const customer = (number * 7919) % contacts
    const from = `1555${String(2_000_000 + customer)}`
    const content = MIX[(number * 13) % MIX.length] ?? text
    return {
      field: 'messages',
      value: {
        messaging_product: 'whatsapp',
        metadata: { display_phone_number: DEMO.displayPhoneNumber, phone_number_id: DEMO.phoneNumberId },
        contacts: [{ profile: { name: `Customer ${customer}` }, wa_id: from, user_id: `US.${from}` }],
        messages: [
          { from, from_user_id: `US.${from}`, id: wamidOf(run, number), timestamp, ...content(number) },
        ],
      },
    }
  })
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: DEMO.businessAccountId, changes }],
  })
}

/** The whole HTTP request of such a POST, signed. */
export function deliveryRequest(mix: DeliveryMix, first: number, count: number): Buffer {
  const body = Buffer.from(deliveryBody(mix, first, count))
  const head =
    'POST /webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n' +
    `Content-Type: application/json\r\nX-Hub-Signature-256: ${signatureOf(body)}\r\nContent-Length: ${body.byteLength}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}
