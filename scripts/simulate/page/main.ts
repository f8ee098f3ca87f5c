import type { CustomerAct } from '../act.ts'
import type { Choice } from '../choices.ts'
import type { Phone, ThreadRow } from '../thread.ts'
import type { WebhookState } from '../webhook/deliver.ts'
import { api } from './api.ts'
import { bubble, typingBubble } from './bubble.ts'
import { Composer } from './composer.ts'
import { byId, element, keep } from './element.ts'
import { fillIcons } from './icons.ts'
import { setUpNewPhone } from './newPhone.ts'
import { drawPanel, type PanelActs } from './panel.ts'
import { drawPhones } from './phoneList.ts'
import { dayOf, timeOf } from './words.ts'

/** WhatsApp shows "typing" for this long, unless a message comes first. */
const typingMs = 25_000
const wide = matchMedia('(min-width: 821px)')

let phones: Phone[] = []
let refreshing: Promise<void> | undefined
let isStale = false
let typingEnds: ReturnType<typeof setTimeout> | undefined

const thread = byId('thread', HTMLOListElement)
/** Whether the newest message is to stay in view. */
let isAtEnd = true
const composer = new Composer({ send, sendFile })
const acts = {
  react: (to: string, emoji: string) => void send({ type: 'reaction', to, emoji }),
  quote: (row: ThreadRow) => composer.quote(row),
  choose: (to: string, { kind, id }: Choice) =>
    void send(kind === 'location' ? { type: 'location', quote: to } : { type: 'choice', to, id }),
  play: (wamid: string) => void attempt(() => api.play(wamid)),
}

const panelActs: PanelActs = {
  change: (number, setting) => void attempt(() => api.set(number, setting)),
  prefer: (number, value) => void attempt(() => api.prefer(number, value)),
  write: (act) => void send(act),
  plan: (number, trouble) =>
    void attempt(() =>
      api.planFault(number, /^\d+$/.test(trouble) ? { code: Number(trouble) } : { fault: trouble }),
    ),
  setExpired: (isExpired) => void attempt(() => api.setToken(isExpired ? 'expired' : 'valid')).then(refresh),
  close: () => showAbout(false),
}

fillIcons()
setUpNewPhone((number) => {
  location.hash = number
})
byId('back', HTMLButtonElement).onclick = () => {
  location.hash = ''
}
byId('about', HTMLButtonElement).onclick = () => showAbout(true)
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && document.body.classList.contains('about')) showAbout(false)
})
thread.onscroll = () => {
  isAtEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80
}
// A photo has no height until it is there; `load` does not bubble, so it is caught on the way down.
thread.addEventListener('load', stayAtEnd, true)
new ResizeObserver(stayAtEnd).observe(thread)
addEventListener('hashchange', () => {
  composer.clear()
  document.body.classList.remove('about')
  thread.replaceChildren()
  isAtEnd = true
  void refresh()
})
document.addEventListener('visibilitychange', () => void refresh())
const live = new EventSource('/simulator/live')
live.onopen = () => void refresh()
live.onmessage = () => void refresh()
setInterval(drawClock, 1000)
drawClock()
void refresh()

/** The phone in hand: the one in the address, or on a wide screen the first. */
function selected(): Phone | undefined {
  const number = location.hash.slice(1)
  return phones.find((phone) => phone.number === number) ?? (wide.matches ? phones[0] : undefined)
}

async function send(act: CustomerAct): Promise<boolean> {
  const number = selected()?.number
  return number !== undefined && (await attempt(() => api.write(number, act)))
}

async function sendFile(kind: string, file: File, caption: string): Promise<boolean> {
  const number = selected()?.number
  return number !== undefined && (await attempt(() => api.sendFile(number, kind, file, caption)))
}

/** Reads and draws all; calls during a refresh make one more refresh after it, not a queue of them. */
async function refresh(): Promise<void> {
  isStale = true
  refreshing ??= (async () => {
    while (isStale) {
      isStale = false
      await attempt(readAndDraw)
    }
    refreshing = undefined
  })()
  await refreshing
}

async function readAndDraw(): Promise<void> {
  const answer = await api.phones()
  phones = answer.phones
  // The first phone of a wide screen gets an address too, or it would change with each new message.
  if (wide.matches && location.hash === '' && phones[0])
    history.replaceState(null, '', `#${phones[0].number}`)
  const phone = selected()
  document.body.classList.toggle('in-hand', phone !== undefined)
  drawWebhook(answer.webhook)
  drawPhones(phones, phone?.number)
  drawPanel(phone, answer.isTokenExpired, panelActs)
  if (!phone) return
  const isTyping = phone.typingAt !== undefined && answer.now - phone.typingAt < typingMs
  byId('presence', HTMLParagraphElement).textContent = isTyping ? 'typing…' : 'Business account'
  // Nobody tells when a typing bubble has had its time.
  clearTimeout(typingEnds)
  if (isTyping) typingEnds = setTimeout(() => void refresh(), typingMs - (answer.now - (phone.typingAt ?? 0)))
  drawThread((await api.thread(phone.number)).thread, phone, isTyping)
  if (phone.isUnread && document.visibilityState === 'visible') await api.open(phone.number)
}

function drawThread(rows: ThreadRow[], phone: Phone, isTyping: boolean): void {
  if (selected()?.number !== phone.number) return
  type Line = ThreadRow | { day: string } | 'typing'
  const lines: Line[] = []
  for (const [index, row] of rows.entries()) {
    const day = dayOf(row.at)
    const before = rows[index - 1]
    if (!before || dayOf(before.at) !== day) lines.push({ day })
    lines.push(row)
  }
  if (rows.length === 0) lines.push({ day: `No messages yet. Write as ${phone.name}.` })
  if (isTyping) lines.push('typing')
  keep(
    thread,
    lines,
    (line) => JSON.stringify(line),
    (line) => {
      if (line === 'typing') return typingBubble()
      return 'day' in line ? element('li', { className: 'day', textContent: line.day }) : bubble(line, acts)
    },
  )
  stayAtEnd()
}

function stayAtEnd(): void {
  if (isAtEnd) thread.scrollTop = thread.scrollHeight
}

/** On a narrow screen the panel slides over the phone, and focus goes with it. */
function showAbout(isShown: boolean): void {
  document.body.classList.toggle('about', isShown)
  if (isShown) document.getElementById('close-panel')?.focus()
  else byId('about', HTMLButtonElement).focus()
}

function drawWebhook({ waiting, trouble, url }: WebhookState): void {
  const place = byId('webhook', HTMLParagraphElement)
  const words =
    waiting === 0
      ? 'Webhook up to date'
      : trouble === undefined
        ? 'Sending…'
        : `Webhook waiting: ${waiting} ${waiting === 1 ? 'update' : 'updates'}, ${trouble}`
  place.textContent = words
  place.title = url
  place.classList.toggle('waiting', waiting > 0 && trouble !== undefined)
}

function drawClock(): void {
  byId('clock', HTMLSpanElement).textContent = timeOf(Date.now())
}

async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  const problem = byId('problem', HTMLParagraphElement)
  try {
    await act()
    problem.hidden = true
    return true
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error)
    problem.hidden = false
    return false
  }
}
