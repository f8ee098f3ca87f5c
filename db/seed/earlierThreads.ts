import { answers, type DemoThread, says, sends } from './line.ts'

const HOUR = 60
const DAY = 24 * HOUR

/** What lies further down the list. */
export const earlierThreads: DemoThread[] = [
  {
    customer: 'yuki',
    lines: [
      says(4 * HOUR, 'こんにちは。椅子の色を確認したいです。'),
      answers('ana', 3 * HOUR + 50, 'こんにちは、ゆきさん。写真を送っていただけますか？', 'read'),
      sends(2 * HOUR + 5, 'image', { mimeType: 'image/jpeg' }),
    ],
  },
  {
    customer: 'diego',
    lines: [
      says(DAY + 2 * HOUR, 'Hola, ¿me ayudan con un pedido?'),
      answers('ben', DAY + HOUR + 50, 'Claro que sí. ¿Qué necesita?', 'sent'),
      says(DAY + HOUR + 30, 'Quisiera cambiar la talla'),
    ],
  },
  {
    customer: 'grace',
    assignee: 'ana',
    lines: [
      says(DAY + 5 * HOUR, 'The lamp is here and it is perfect'),
      says(DAY + 5 * HOUR - 1, '🎉🎉'),
      answers('ana', DAY + 4 * HOUR, 'So glad! The carpenter comes today for the shelf.'),
      answers('ana', DAY + 4 * HOUR - 1, 'See you at 5', 'read', { as: 'five' }),
      {
        from: 'customer',
        at: DAY + 3 * HOUR + 55,
        content: { kind: 'reaction', targetWamid: '', emoji: '👍' },
        reactsTo: 'five',
      },
    ],
  },
  {
    customer: 'tom',
    isResolved: true,
    lines: [
      says(4 * DAY + 6 * HOUR, 'Hallo, wann kommt die Kommode?'),
      answers('ben', 4 * DAY + 5 * HOUR, 'Hallo Tom, heute Nachmittag zwischen 15 und 17 Uhr.'),
      says(4 * DAY, 'Danke, alles gut angekommen'),
    ],
  },
]
