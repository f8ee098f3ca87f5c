import { describe, expect, test } from 'bun:test'
import type { Json, TemplateContent } from './content.ts'
import { contentPayload } from './contentPayload.ts'
import { fillTemplate } from './fillTemplate.ts'
import type { OutgoingTemplate } from './outgoingContent.ts'
import { templateForm } from './templateForm.ts'
import { templateTrouble } from './templateState.ts'

const id = '0197a6b0-0000-7000-8000-000000000000'
const templateOf = (components: Json, parameterFormat: 'positional' | 'named' = 'positional') => ({
  id,
  name: 'order_confirmed',
  language: 'en_US',
  category: 'UTILITY',
  parameterFormat,
  form: templateForm(components),
})

type Input = Omit<Partial<OutgoingTemplate>, 'kind' | 'templateId'>
const fill = (template: ReturnType<typeof templateOf>, input: Input, file = noFile) =>
  fillTemplate(template, { kind: 'template', templateId: id, body: {}, ...input }, file)
const noFile: { id: string; kind: string; filename: string | null } | null = null

function contentOf(filled: ReturnType<typeof fillTemplate>): TemplateContent {
  if ('problem' in filled) throw new Error(filled.problem.sentence)
  return filled.content
}

const order = templateOf([
  { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['#1'] } },
  {
    type: 'BODY',
    text: 'Hello {{2}}, order {{1}} is on its way, {{2}}.',
    example: { body_text: [['#1', 'Lena']] },
  },
  { type: 'FOOTER', text: 'Linden & Oak' },
  {
    type: 'BUTTONS',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Thanks' },
      {
        type: 'URL',
        text: 'Track',
        url: 'https://linden.example/{{1}}',
        example: ['https://linden.example/1'],
      },
      { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550783881' },
      { type: 'COPY_CODE', example: 'OAK10' },
    ],
  },
])
const filledOrder = fill(order, {
  header: { text: '2291' },
  body: { '1': '#2291', '2': 'Lena' },
  buttons: [
    { index: 1, value: 'abc' },
    { index: 3, value: 'OAK10' },
  ],
})

describe('a template', () => {
  test('tells which places have to be filled, in the order in which WhatsApp counts them', () => {
    expect(order.form.body.variables).toEqual([
      { name: '1', example: '#1' },
      { name: '2', example: 'Lena' },
    ])
    expect(order.form.header).toMatchObject({ format: 'text', variable: { name: '1', example: '#1' } })
    expect(order.form.buttons.map((button) => button.variable?.name ?? null)).toEqual([
      null,
      '1',
      null,
      'code',
    ])
    expect(order.form.buttons[1]?.variable?.example).toBe('1')
  })

  test('is kept as the customer sees it', () => {
    expect(contentOf(filledOrder)).toMatchObject({
      header: { format: 'text', text: 'Order 2291' },
      body: 'Hello Lena, order #2291 is on its way, Lena.',
      footer: 'Linden & Oak',
      buttons: [
        { text: 'Thanks', value: null },
        { text: 'Track', value: 'https://linden.example/abc' },
        { text: 'Call', value: '+15550783881' },
        { text: 'Copy offer code', value: 'OAK10' },
      ],
    })
  })

  test('goes to WhatsApp with the parts that have places, and no others', () => {
    expect(contentPayload(contentOf(filledOrder), null)).toEqual({
      type: 'template',
      template: {
        name: 'order_confirmed',
        language: { code: 'en_US' },
        components: [
          { type: 'header', parameters: [{ type: 'text', text: '2291' }] },
          {
            type: 'body',
            parameters: [
              { type: 'text', text: '#2291' },
              { type: 'text', text: 'Lena' },
            ],
          },
          { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'abc' }] },
          {
            type: 'button',
            sub_type: 'copy_code',
            index: '3',
            parameters: [{ type: 'coupon_code', coupon_code: 'OAK10' }],
          },
        ],
      },
    })
  })

  test('with named places says their names', () => {
    const named = templateOf(
      [
        {
          type: 'BODY',
          text: 'Hi {{first_name}}, {{item}} comes on {{day}}.',
          example: { body_text_named_params: [{ param_name: 'item', example: 'oak table' }] },
        },
      ],
      'named',
    )
    expect(named.form.body.variables).toContainEqual({ name: 'item', example: 'oak table' })
    const content = contentOf(
      fill(named, { body: { day: 'Monday', item: 'your sofa', first_name: 'Mateo' } }),
    )
    expect(content.body).toBe('Hi Mateo, your sofa comes on Monday.')
    expect(contentPayload(content, null)).toMatchObject({
      template: {
        components: [{ parameters: [{ parameter_name: 'first_name', text: 'Mateo' }, {}, {}] }],
      },
    })
  })

  test('a value that looks like a place is not filled in turn', () => {
    const filled = fill(order, {
      header: { text: 'x' },
      body: { '1': '{{2}}', '2': 'Lena' },
      buttons: [
        { index: 1, value: 'a' },
        { index: 3, value: 'b' },
      ],
    })
    expect(contentOf(filled).body).toBe('Hello Lena, order {{2}} is on its way, Lena.')
  })

  test('with a file at its head takes a file of that kind', () => {
    const picture = templateOf([
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'Look' },
    ])
    expect(fill(picture, {})).toMatchObject({ problem: { problem: 'wrong_header', field: 'header' } })
    expect(fill(picture, {}, { id, kind: 'document', filename: 'x.pdf' })).toMatchObject({
      problem: { problem: 'wrong_header' },
    })
    const content = contentOf(fill(picture, {}, { id, kind: 'image', filename: null }))
    expect(contentPayload(content, 'graph-1')).toMatchObject({
      template: {
        components: [{ type: 'header', parameters: [{ type: 'image', image: { id: 'graph-1' } }] }],
      },
    })
  })

  test('with a place at its head takes coordinates', () => {
    const place = templateOf([
      { type: 'HEADER', format: 'LOCATION' },
      { type: 'BODY', text: 'We moved' },
    ])
    expect(fill(place, { header: { latitude: 1 } })).toMatchObject({ problem: { problem: 'wrong_header' } })
    const content = contentOf(fill(place, { header: { latitude: 48.1, longitude: 11.5, name: 'Shop' } }))
    expect(content.header).toMatchObject({ format: 'location', name: 'Shop' })
  })

  test.each([
    ['is missing', '', 'missing_variable'],
    ['has a line break', 'a\nb', 'line_breaks'],
    ['has five spaces in a row', 'a     b', 'line_breaks'],
    ['makes the whole too long', 'x'.repeat(1024), 'too_long'],
  ])('is not sent when a value %s', (_, value, problem) => {
    const filled = fill(order, { header: { text: '1' }, body: { '1': value, '2': 'Lena' }, buttons: [] })
    expect(filled).toMatchObject({ problem: { problem } })
  })

  test('that WhatsApp holds back, or that Baton can not fill, says so', () => {
    const trouble = (status: string, isDeleted = false) =>
      templateTrouble({ status, isDeleted }, null)?.problem
    expect(trouble('APPROVED')).toBeUndefined()
    expect(trouble('REINSTATED')).toBeUndefined()
    expect(trouble('PAUSED')).toBe('paused')
    expect(trouble('DISABLED')).toBe('disabled')
    expect(trouble('REJECTED')).toBe('rejected')
    expect(trouble('IN_APPEAL')).toBe('pending')
    expect(trouble('APPROVED', true)).toBe('deleted')
    expect(trouble('SOMETHING_NEW')).toBe('not_approved')
    const carousel = templateForm([
      { type: 'BODY', text: 'x' },
      { type: 'CAROUSEL', cards: [] },
    ])
    expect(templateTrouble({ status: 'APPROVED', isDeleted: false }, carousel.unknownPart)).toMatchObject({
      problem: 'not_supported',
    })
  })

  test('of a shape that nobody thought of is read without an error', () => {
    for (const components of [
      null,
      'x',
      [],
      [null],
      [{ type: 'BODY' }],
      [{ type: 'BUTTONS', buttons: [null, 3] }],
    ]) {
      expect(templateForm(components).body.variables).toEqual([])
    }
  })
})
