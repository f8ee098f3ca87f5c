import type { JsonObject } from '../entry.ts'

export interface Template {
  id: string
  name: string
  language: string
  status: 'APPROVED' | 'PAUSED'
  category: 'UTILITY' | 'MARKETING'
  parameter_format: 'POSITIONAL' | 'NAMED'
  components: JsonObject[]
}

/** The templates of the simulated business, in the shape of `GET /{WABA_ID}/message_templates`. */
export const templates: readonly Template[] = [
  template('1307226810404101', 'order_confirmed', 'en_US', 'UTILITY', 'POSITIONAL', [
    body('Hello {{1}}, your order {{2}} is confirmed. We will write again when it leaves our warehouse.', [
      ['Sheena', '#2291'],
    ]),
    { type: 'FOOTER', text: 'Linden & Oak' },
  ]),
  template('1307226810404102', 'delivery_day', 'en_US', 'UTILITY', 'NAMED', [
    { type: 'HEADER', format: 'TEXT', text: 'Your delivery' },
    namedBody('Hi {{first_name}}, your {{item}} arrives on {{day}}. Is somebody at home?', {
      first_name: 'Mateo',
      item: 'oak table',
      day: 'Thursday',
    }),
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Yes' },
        { type: 'QUICK_REPLY', text: 'Choose another day' },
      ],
    },
  ]),
  template('1307226810404103', 'delivery_day', 'es', 'UTILITY', 'NAMED', [
    { type: 'HEADER', format: 'TEXT', text: 'Su entrega' },
    namedBody('Hola {{first_name}}, su {{item}} llega el {{day}}. ¿Habrá alguien en casa?', {
      first_name: 'Mateo',
      item: 'mesa de roble',
      day: 'jueves',
    }),
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Sí' },
        { type: 'QUICK_REPLY', text: 'Elegir otro día' },
      ],
    },
  ]),
  template('1307226810404104', 'follow_up', 'en_US', 'UTILITY', 'POSITIONAL', [
    body('Hello {{1}}, you asked us a question and we owe you an answer. May we continue here?', [['Lena']]),
  ]),
  template('1307226810404105', 'rueckfrage', 'de', 'UTILITY', 'POSITIONAL', [
    body('Guten Tag {{1}}, wir haben noch eine Rückfrage zu Ihrer Bestellung {{2}}. Passt es gerade?', [
      ['Lena', '#2304'],
    ]),
  ]),
  template('1307226810404106', 'autumn_sofas', 'en_US', 'MARKETING', 'NAMED', [
    { type: 'HEADER', format: 'TEXT', text: 'Autumn is for staying in' },
    namedBody('{{first_name}}, our new sofas are here. Fabric samples are free until Sunday.', {
      first_name: 'Priya',
    }),
    { type: 'FOOTER', text: 'Reply STOP to hear no more of this' },
  ]),
]

/** The template of this name, in this language when one is given. */
export function templateNamed(name: string, language?: string): Template | undefined {
  return templates.find((one) => one.name === name && (language === undefined || one.language === language))
}

/** One page of the list, with Meta's cursors: a cursor is the position after which the page starts. */
export function listTemplates(url: URL): JsonObject {
  const limit = Math.max(1, Math.min(Number(url.searchParams.get('limit') ?? 25) || 25, 250))
  const after = Number(Buffer.from(url.searchParams.get('after') ?? '', 'base64url').toString() || 0) || 0
  const name = url.searchParams.get('name')
  const status = url.searchParams.get('status')
  const wanted = templates.filter((one) => (!name || one.name === name) && (!status || one.status === status))
  const page = wanted.slice(after, after + limit)
  const end = after + page.length
  const cursors = { before: cursor(after), after: cursor(end) }
  const rows = page.map((one): JsonObject => ({ ...one }))
  if (end >= wanted.length) return { data: rows, ...(page.length > 0 ? { paging: { cursors } } : {}) }
  const next = new URL(url)
  next.searchParams.set('after', cursor(end))
  return { data: rows, paging: { cursors, next: next.href } }
}

function cursor(position: number): string {
  return Buffer.from(String(position)).toString('base64url')
}

function template(
  id: string,
  name: string,
  language: string,
  category: Template['category'],
  parameterFormat: Template['parameter_format'],
  components: JsonObject[],
): Template {
  return { id, name, language, status: 'APPROVED', category, parameter_format: parameterFormat, components }
}

function body(text: string, example: string[][]): JsonObject {
  return { type: 'BODY', text, example: { body_text: example } }
}

function namedBody(text: string, example: Record<string, string>): JsonObject {
  const params = Object.entries(example).map(([name, value]) => ({ param_name: name, example: value }))
  return { type: 'BODY', text, example: { body_text_named_params: params } }
}
