import { earlierThreads } from './earlierThreads.ts'
import { answers, type DemoThread, media, says, sends } from './line.ts'

const HOUR = 60
const DAY = 24 * HOUR

/** The conversations of a furniture shop on an ordinary morning: these, and the quieter ones of the last days. */
export const THREADS: DemoThread[] = [
  {
    customer: 'sheena',
    assignee: 'ana',
    unread: 2,
    lines: [
      says(3 * DAY + 40, 'Hello, do you deliver to Oakland?'),
      answers('ana', 3 * DAY + 31, 'Hello Sheena! We do, every Tuesday and Friday.'),
      says(3 * DAY + 29, 'Great, thanks'),
      says(41, 'Hi! I saw the three-seat sofa in your autumn ad. Is it still available?', {
        context: {
          quotedWamid: null,
          forwarded: null,
          referral: {
            headline: 'Autumn sofas',
            body: 'Three seats, five fabrics, delivered in a week.',
            sourceUrl: 'https://fb.me/autumn-sofas',
            sourceType: 'ad',
          },
        },
      }),
      answers(
        'ana',
        39,
        'Hello Sheena! Yes, we have it in stock in both warehouses. Would you like to see the fabric up close?',
      ),
      sends(
        34,
        'image',
        { mimeType: 'image/jpeg', caption: 'This corner, 2.30 m wide. Will it fit?' },
        { as: 'corner' },
      ),
      { from: 'ana', at: 33, content: reaction('👍'), reactsTo: 'corner', status: 'read' },
      answers('ana', 29, 'It will: the sofa is 2.18 m, so there are 12 cm to spare.', 'read', {
        quotes: 'corner',
      }),
      sends(3, 'audio', { mimeType: 'audio/ogg; codecs=opus', isVoice: true }),
      says(2, 'Does it come in another color?'),
    ],
  },
  {
    customer: 'mateo',
    assignee: 'ben',
    lines: [
      says(55, 'Buenos días, ¿a qué hora llega el camión?'),
      answers('ben', 50, 'Buenos días, Mateo. Entre las 12 y las 14. ¿Me comparte la ubicación?'),
      {
        from: 'customer',
        at: 46,
        content: {
          kind: 'location',
          latitude: 19.4194,
          longitude: -99.1616,
          name: 'Casa de Mateo',
          address: 'Calle Orizaba 101, Roma Norte, Ciudad de México',
        },
      },
      answers('ben', 8, 'Perfecto, ya la tiene el chofer.', 'delivered'),
      says(5, 'Gracias. El portón es el verde, toquen dos veces.'),
    ],
  },
  {
    customer: 'lena',
    unread: 3,
    lines: [
      says(28, 'Guten Morgen! Bei meinem Tisch fehlt ein Bein 😅'),
      says(27, 'Bestellnummer 2288'),
      sends(24, 'audio', { mimeType: 'audio/ogg; codecs=opus', isVoice: true }),
    ],
  },
  {
    customer: 'rafael',
    unread: 1,
    lines: [
      says(3 * HOUR, 'Oi! A estante chegou, mas a porta veio riscada.'),
      answers(
        'ben',
        2 * HOUR + 50,
        'Oi, Rafael! Desculpe por isso. Mandamos uma porta nova na quinta-feira.',
      ),
      says(46, 'Perfeito, obrigado! 🙏'),
    ],
  },
  {
    customer: 'amal',
    assignee: 'ana',
    lines: [
      says(95, 'صباح الخير، متى يصل طلبي رقم 2274؟'),
      answers('ana', 90, 'صباح النور أمل! الطلب في المستودع الآن.'),
      says(84, 'ممتاز، هل يمكن التوصيل بعد الخامسة؟'),
      answers('ana', 69, 'Your parcel leaves tomorrow morning. نعم، بعد الخامسة مساءً.'),
    ],
  },
  {
    customer: 'jonas',
    assignee: 'carla',
    lines: [
      says(9 * HOUR, 'Is the walnut sideboard back in stock?'),
      answers('carla', 8 * HOUR + 30, 'It will be on Monday. Shall I keep one for you?', 'delivered'),
      says(8 * HOUR + 20, 'Yes please. I am changing my number today, will write from the new one.'),
      {
        from: 'carla',
        at: 72,
        content: { kind: 'text', text: 'It arrived early, Jonas: yours is set aside.' },
        status: 'failed',
        error: {
          code: 131026,
          title: 'Message undeliverable',
          details: 'Message Undeliverable.',
        },
      },
    ],
  },
  {
    customer: 'priya',
    assignee: 'ben',
    lines: [
      says(23 * HOUR + 30, 'Could you send me the invoice for the chairs?'),
      // Her window closes in a little more than half an hour.
      says(23 * HOUR + 22, 'For my company, please: Nair Interiors.'),
      {
        from: 'ben',
        at: 150,
        content: media('document', {
          mimeType: 'application/pdf',
          caption: 'Invoice 4471 is attached.',
          filename: 'invoice-4471.pdf',
        }),
        status: 'delivered',
      },
    ],
  },
  ...earlierThreads,
]

/** The target is filled in when the line is written: it is the wamid of the line that it reacts to. */
function reaction(emoji: string) {
  return { kind: 'reaction', targetWamid: '', emoji } as const
}
