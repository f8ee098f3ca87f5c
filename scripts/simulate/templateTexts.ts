import type { JsonObject } from './entry.ts'
import type { Template } from './templates.ts'

type TemplateText = Pick<Template, 'name' | 'language' | 'category' | 'components'> &
  Partial<Pick<Template, 'status' | 'quality'>>

/** The words of Linden & Oak: each shape that a template can have, in every state, some in two languages. */
export const templateTexts: readonly TemplateText[] = [
  utility('order_confirmed', 'en_US', [
    body('Hello {{1}}, your order {{2}} is confirmed. We will write again when it leaves our warehouse.', [
      'Sheena',
      '#2291',
    ]),
    footer('Linden & Oak'),
  ]),
  utility('delivery_day', 'en_US', [
    header('Your delivery'),
    namedBody('Hi {{first_name}}, your {{item}} arrives on {{day}}. Is somebody at home?', {
      first_name: 'Mateo',
      item: 'oak table',
      day: 'Thursday',
    }),
    buttons(quickReply('Yes'), quickReply('Choose another day')),
  ]),
  utility('delivery_day', 'es', [
    header('Su entrega'),
    namedBody('Hola {{first_name}}, su {{item}} llega el {{day}}. ¿Habrá alguien en casa?', {
      first_name: 'Mateo',
      item: 'mesa de roble',
      day: 'jueves',
    }),
    buttons(quickReply('Sí'), quickReply('Elegir otro día')),
  ]),
  utility('follow_up', 'en_US', [
    body('Hello {{1}}, you asked us a question and we owe you an answer. May we continue here?', ['Lena']),
  ]),
  utility('rueckfrage', 'de', [
    body('Guten Tag {{1}}, wir haben noch eine Rückfrage zu Ihrer Bestellung {{2}}. Passt es gerade?', [
      'Lena',
      '#2304',
    ]),
  ]),
  {
    ...marketing('autumn_sofas', [
      header('Autumn is for staying in'),
      namedBody('{{first_name}}, our new sofas are here. Fabric samples are free until Sunday.', {
        first_name: 'Priya',
      }),
      footer('Reply STOP to hear no more of this'),
    ]),
  },
  utility('invoice_ready', 'en_US', [
    mediaHeader('DOCUMENT'),
    body('Hello {{1}}, here is the invoice for your order {{2}}.', ['Jonas', '#2310']),
    footer('Linden & Oak'),
  ]),
  utility('visit_us', 'en_US', [
    { type: 'HEADER', format: 'LOCATION' },
    body('Hello {{1}}, this is where you find us. We are open until six.', ['Amal']),
    buttons({ type: 'PHONE_NUMBER', text: 'Call us', phone_number: '+15550783881' }),
  ]),
  utility('track_parcel', 'en_US', [
    header('Order {{1}}', ['#2291']),
    body('Your parcel is on its way and comes {{1}}.', ['tomorrow before noon']),
    buttons(
      {
        type: 'URL',
        text: 'Track it',
        url: 'https://linden-oak.example/track/{{1}}',
        example: ['https://linden-oak.example/track/2291'],
      },
      { type: 'URL', text: 'Our shop', url: 'https://linden-oak.example/' },
      quickReply('I will not be at home'),
    ),
  ]),
  {
    ...marketing('new_in_store', [
      mediaHeader('IMAGE'),
      namedBody('{{first_name}}, look what came in this week. It is yours for {{price}}.', {
        first_name: 'Yuki',
        price: '390 €',
      }),
      buttons(quickReply('Tell me more'), quickReply('Stop promotions')),
    ]),
    quality: 'YELLOW',
  },
  marketing('how_it_is_made', [
    mediaHeader('VIDEO'),
    body('Two minutes in our workshop, from the board to the table.'),
  ]),
  marketing('welcome_gift', [
    body('Welcome, {{1}}! This code takes ten percent off your first order.', ['Rafael']),
    buttons({ type: 'COPY_CODE', text: 'Copy offer code', example: ['OAK10'] }),
  ]),
  {
    ...marketing('spring_sale', [body('Spring sale: {{1}} off everything made of beech.', ['20 %'])]),
    status: 'PAUSED',
    quality: 'RED',
  },
  {
    ...marketing('flash_sale', [body('Only today: everything must go!')]),
    status: 'DISABLED',
    quality: 'RED',
  },
  {
    ...marketing('loyalty_points', [body('Hello {{1}}, you have {{2}} points.', ['Lena', '120'])]),
    status: 'PENDING',
    quality: 'UNKNOWN',
  },
  {
    ...utility('survey', 'en_US', [body('Win a prize! Tell us how we did.')]),
    status: 'REJECTED',
    quality: 'UNKNOWN',
  },
]

function utility(name: string, language: string, components: JsonObject[]): TemplateText {
  return { name, language, category: 'UTILITY', components }
}

function marketing(name: string, components: JsonObject[]): TemplateText {
  return { name, language: 'en_US', category: 'MARKETING', components }
}

function header(text: string, example?: string[]): JsonObject {
  return { type: 'HEADER', format: 'TEXT', text, ...(example ? { example: { header_text: example } } : {}) }
}

function mediaHeader(format: 'IMAGE' | 'VIDEO' | 'DOCUMENT'): JsonObject {
  const handle = `https://linden-oak.example/samples/${format.toLowerCase()}`
  return { type: 'HEADER', format, example: { header_handle: [handle] } }
}

function body(text: string, example?: string[]): JsonObject {
  return { type: 'BODY', text, ...(example ? { example: { body_text: [example] } } : {}) }
}

function namedBody(text: string, example: Record<string, string>): JsonObject {
  const params = Object.entries(example).map(([name, value]) => ({ param_name: name, example: value }))
  return { type: 'BODY', text, example: { body_text_named_params: params } }
}

function footer(text: string): JsonObject {
  return { type: 'FOOTER', text }
}

function buttons(...list: JsonObject[]): JsonObject {
  return { type: 'BUTTONS', buttons: list }
}

function quickReply(text: string): JsonObject {
  return { type: 'QUICK_REPLY', text }
}
