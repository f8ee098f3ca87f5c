import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { DeadLetterSnapshot } from '../server/inbox/readDeadLetters.ts'
import { answerWithLetters, LETTERS, RESOLVED } from '../web/e2e/letters.ts'
import { installPackages, root } from './install.ts'
import { openConversation } from './openConversation.ts'
import { SHOTS_OF_DESK } from './shotsOfDesk.ts'
import { SHOTS_OF_LIST } from './shotsOfList.ts'
import { SHOTS_OF_SENDING } from './shotsOfSending.ts'
import { SHOTS_OF_WRITING } from './shotsOfWriting.ts'

const help = `bun run shots [--url URL] [--only NAME]

Takes pictures of every view and state of a running inbox, light and dark, in three widths, into docs/shots/.
--only takes those whose name begins so. Finds the instance by <DATA_DIR>/run.json (DATA_DIR: .data), or by --url.`

/** A view or a state, and how to get there. `only`: the sizes where it exists. */
type Shot = {
  name: string
  /** Nobody's, or an administrator's; else an agent's. */
  as?: 'nobody' | 'administrator'
  only?: Size[]
  /** `ben`: a colleague's window, for what is only there when two are. */
  go(page: Page, url: string, ben: () => Promise<Page>): Promise<unknown>
}
type Size = keyof typeof SIZES
type Theme = (typeof THEMES)[number]

const SIZES = {
  '1440': { width: 1440, height: 900 },
  '1024': { width: 1024, height: 768 },
  '390': { width: 390, height: 844 },
} as const
const THEMES = ['light', 'dark'] as const
const EMAIL = 'ana@demo.baton'
const ADMINISTRATOR = 'carla@demo.baton'
const COLLEAGUE = 'ben@demo.baton'
const PASSWORD = 'baton-demo'
const FOLDER = join(root, 'docs/shots')
const NOBODY = '00000000-0000-7000-8000-000000000000'

const write = async (page: Page, text: string) => {
  await page.locator('[data-composer]').click()
  await page.locator('[data-baton=mine]').waitFor()
  await page.keyboard.type(text)
}

const barOf = (page: Page, is: 'mine' | 'theirs' | 'taken' | 'guard') =>
  page.locator(`[data-baton=${is}]`).waitFor()

/** Ana writes, and Ben takes the baton from her. */
const takenOver = async (page: Page, ben: Page, contact: string) => {
  await openConversation(page, contact)
  await write(page, 'We have it in moss and in sand. Which one')
  await openConversation(ben, contact)
  await ben.locator('[data-take-over]').click()
  await barOf(page, 'taken')
}

const openLetters = async (page: Page, url: string, letters: readonly DeadLetterSnapshot[]) => {
  await answerWithLetters(page, letters)
  await page.goto(`${url}/settings/dead-letters`)
  await page.locator('[data-letter]').or(page.getByText('Everything that came')).first().waitFor()
}

const SHOTS: Shot[] = [
  { name: 'sign-in', as: 'nobody', go: (page) => page.getByText('This is the demo').waitFor() },
  {
    name: 'sign-in-wrong-password',
    as: 'nobody',
    only: ['1440', '390'],
    go: async (page) => {
      await page.getByLabel('Email').fill(EMAIL)
      await page.getByLabel('Password').fill('not this one')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.locator('#trouble:not(:empty)').waitFor()
    },
  },
  { name: 'list', go: (page) => page.locator('[data-conversation]').first().waitFor() },
  {
    name: 'list-mine',
    go: (page) =>
      page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Mine/ }).click(),
  },
  ...SHOTS_OF_LIST,
  { name: 'thread', go: (page) => openConversation(page, 'Sheena Nelson') },
  { name: 'thread-failed-message', go: (page) => openConversation(page, 'Jonas Clarke') },
  {
    name: 'thread-window-closed',
    go: async (page, url) => {
      await page.goto(`${url}/?view=resolved`)
      await openConversation(page, 'Tom Bauer')
    },
  },
  { name: 'thread-right-to-left', go: (page) => openConversation(page, 'Amal Haddad') },
  {
    name: 'composer-draft',
    go: async (page) => {
      await openConversation(page, 'Mateo Ortiz')
      await page
        .locator('[data-composer]')
        .fill('Perfect, the driver knows.\nHe rings at the *green* gate between 9 and 11.')
    },
  },
  {
    name: 'composer-too-long',
    only: ['1440'],
    go: async (page) => {
      await openConversation(page, 'Mateo Ortiz')
      await page.locator('[data-composer]').fill('A long answer. '.repeat(280))
    },
  },
  ...SHOTS_OF_DESK,
  ...SHOTS_OF_SENDING,
  ...SHOTS_OF_WRITING,
  {
    name: 'offline-with-a-waiting-message',
    go: async (page) => {
      await openConversation(page, 'Rafael Pires')
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await page.locator('[data-composer]').fill('Obrigada, Rafael!')
      await page.keyboard.press('Enter')
      await page.getByText('1 waiting').waitFor()
    },
  },
  {
    name: 'baton-mine',
    go: async (page, _, ben) => {
      await openConversation(await ben(), 'Mateo Ortiz')
      await openConversation(page, 'Mateo Ortiz')
      await write(page, 'The driver rings at the green gate, between 9 and')
      await page.locator('header [data-viewers]').waitFor()
    },
  },
  {
    name: 'baton-locked',
    go: async (page, _, ben) => {
      const colleague = await ben()
      await openConversation(colleague, 'Priya Nair')
      await write(colleague, 'I look it up')
      await openConversation(page, 'Priya Nair')
      await barOf(page, 'theirs')
      await page.locator('[data-typing]').waitFor()
    },
  },
  { name: 'baton-taken', go: async (page, _, ben) => takenOver(page, await ben(), 'Lena König') },
  {
    name: 'baton-draft-offered',
    go: async (page, _, ben) => {
      const colleague = await ben()
      await takenOver(colleague, page, 'Yuki Tanaka')
      await colleague.getByRole('button', { name: 'Hand over my draft' }).click()
      await page.locator('[data-offered-draft]').waitFor()
    },
  },
  {
    name: 'guard',
    go: async (page, _, ben) => {
      await openConversation(page, 'Sheena Nelson')
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await page.locator('[data-composer]').fill('Yes! It comes in sand, moss and slate.')
      await page.keyboard.press('Enter')
      const colleague = await ben()
      await openConversation(colleague, 'Sheena Nelson')
      await write(colleague, 'It comes in sand, moss and slate 🌿')
      await colleague.keyboard.press('Enter')
      await colleague.getByText('It comes in sand, moss and slate 🌿').last().waitFor()
      await openConversation(colleague, 'Rafael Pires')
      await page.context().setOffline(false)
      await barOf(page, 'guard')
    },
  },
  {
    name: 'sign-out-with-a-waiting-message',
    only: ['1440', '390'],
    go: async (page) => {
      await page.route(/\/trpc\/[^?]*messages\.send/, (route) => route.abort())
      await openConversation(page, 'Rafael Pires')
      await page.locator('[data-composer]').fill('Obrigada, Rafael!')
      await page.keyboard.press('Enter')
      await page.goto(new URL('/', page.url()).href)
      await page.getByRole('button', { name: 'account' }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'not-yours-to-see',
    go: async (page, url) => {
      await page.goto(`${url}/c/${NOBODY}`)
      await page.getByText('not yours to see').waitFor()
    },
  },
  {
    name: 'list-could-not-be-loaded',
    go: async (page) => {
      await page.route('**/trpc/conversations.list**', (route) => route.abort())
      await page.reload()
      await page.getByText('could not be loaded').waitFor()
    },
  },
  {
    name: 'loading',
    go: async (page) => {
      await page.route('**/trpc/conversations.list**', () => {})
      await page.reload()
      await page.locator('[data-skeleton=list]').first().waitFor()
    },
  },
  {
    name: 'account-menu',
    go: (page) => page.getByRole('button', { name: 'account' }).click(),
  },
  {
    name: 'palette',
    go: async (page) => {
      await openConversation(page, 'Sheena Nelson')
      await page.keyboard.press('Control+k')
      await page.locator('[data-palette]').waitFor()
    },
  },
  {
    name: 'search',
    go: async (page, url) => {
      await page.goto(`${url}/search?q=parcel`)
      await page.locator('[data-hit]').or(page.getByText('Nothing was found')).first().waitFor()
    },
  },
  {
    name: 'preferences',
    go: async (page, url) => {
      await page.goto(`${url}/settings/preferences`)
      await page.getByRole('switch').first().waitFor()
    },
  },
  {
    name: 'settings',
    as: 'administrator',
    only: ['390'],
    go: async (page, url) => {
      await page.goto(`${url}/settings`)
      await page.getByRole('link', { name: 'API keys' }).waitFor()
    },
  },
  {
    name: 'keyboard',
    only: ['1440'],
    go: async (page) => {
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'dead-letters', as: 'administrator', go: (page, url) => openLetters(page, url, LETTERS) },
  {
    name: 'dead-letters-raw',
    as: 'administrator',
    go: async (page, url) => {
      await openLetters(page, url, LETTERS)
      await page.getByRole('button', { name: 'Show raw JSON' }).first().click()
    },
  },
  {
    name: 'dead-letters-discard',
    as: 'administrator',
    only: ['1440', '390'],
    go: async (page, url) => {
      await openLetters(page, url, LETTERS)
      await page.getByRole('button', { name: 'Discard' }).first().click()
      await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    },
  },
  {
    name: 'dead-letters-resolved',
    as: 'administrator',
    go: async (page, url) => {
      await openLetters(page, url, RESOLVED)
      await page.getByRole('button', { name: 'Resolved' }).click()
    },
  },
  { name: 'dead-letters-none', as: 'administrator', go: (page, url) => openLetters(page, url, []) },
  {
    name: 'dead-letters-could-not-be-loaded',
    as: 'administrator',
    only: ['1440'],
    go: async (page, url) => {
      await page.route(/deadLetters\.list/, (route) => route.abort())
      await page.goto(`${url}/settings/dead-letters`)
      await page.getByText('could not be loaded').waitFor()
    },
  },
  {
    name: 'dead-letters-not-for-agents',
    go: async (page, url) => {
      await page.goto(`${url}/settings/dead-letters`)
      await page.getByText('for administrators').waitFor()
    },
  },
  {
    name: 'api-keys',
    as: 'administrator',
    go: async (page, url) => {
      await page.goto(`${url}/settings/api-keys`)
      await page.getByRole('button', { name: 'New key' }).waitFor()
    },
  },
  {
    name: 'api-keys-new',
    as: 'administrator',
    only: ['1440', '390'],
    go: async (page, url) => {
      await page.goto(`${url}/settings/api-keys`)
      await page.getByRole('button', { name: 'New key' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'api-docs',
    go: async (page, url) => {
      await page.goto(`${url}/api/docs`)
    },
  },
  {
    name: 'no-such-page',
    only: ['1440'],
    go: async (page, url) => {
      await page.goto(`${url}/nothing/here`)
      await page.getByText('no such page').waitFor()
    },
  },
]

async function takeShots(url: string) {
  const { chromium } = await import('playwright-core')
  const { findChromium } = await import('./services/chromium.ts')
  const browser = await chromium.launch({
    executablePath: await findChromium(console.log),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  })
  mkdirSync(FOLDER, { recursive: true })
  const [agents, administrators, colleagues] = await Promise.all([
    signedIn(browser, url, EMAIL),
    signedIn(browser, url, ADMINISTRATOR),
    signedIn(browser, url, COLLEAGUE),
  ])
  let count = 0
  for (const shot of SHOTS.filter(({ name }) => name.startsWith(optionOf('--only') ?? ''))) {
    for (const size of shot.only ?? (Object.keys(SIZES) as Size[])) {
      for (const theme of THEMES) {
        const page = await window(browser, size, theme)
        if (shot.as !== 'nobody')
          await page.context().addCookies(shot.as === 'administrator' ? administrators : agents)
        await page.goto(url)
        if (shot.as !== 'nobody')
          await page.locator('[data-conversation]').first().waitFor({ state: 'attached' })
        const beside: Page[] = []
        await shot.go(page, url, async () => {
          const colleague = await window(browser, '1440', theme)
          beside.push(colleague)
          await colleague.context().addCookies(colleagues)
          await colleague.goto(url)
          return colleague
        })
        // Menus and banners take a moment to arrive; pictures of them should not catch them on the way.
        await page.waitForTimeout(350)
        const file = `${shot.name}-${size}-${theme}.png`
        await page.screenshot({ path: join(FOLDER, file) })
        for (const open of [page, ...beside]) await open.context().close()
        console.log(`docs/shots/${file}`)
        count += 1
      }
    }
  }
  await browser.close()
  console.log(`${count} pictures in docs/shots/.`)
}

async function window(browser: Browser, size: Size, theme: Theme): Promise<Page> {
  const isPhone = size === '390'
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    deviceScaleFactor: 2,
    isMobile: isPhone,
    hasTouch: isPhone,
    reducedMotion: 'reduce',
  })
  return context.newPage()
}

/** One session each for all pictures: every sign-in counts towards the limit. */
async function signedIn(browser: Browser, url: string, email: string) {
  const context = await browser.newContext()
  const answer = await context.request.post(`${url}/api/auth/sign-in/email`, {
    data: { email, password: PASSWORD },
    headers: { origin: url },
  })
  if (!answer.ok())
    throw new Error(`Signing in as ${email} was answered with ${answer.status()}: is this the demo?`)
  const { cookies } = await context.storageState()
  await context.close()
  return cookies
}

function optionOf(option: string): string | undefined {
  const at = process.argv.indexOf(option)
  return at === -1 ? undefined : process.argv[at + 1]
}

function runningUrl(): string {
  const given = optionOf('--url')
  if (given) return given.replace(/\/$/, '')
  const file = join(resolve(root, process.env.DATA_DIR || '.data'), 'run.json')
  try {
    const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string }
    return url
  } catch {
    throw new Error(`No running instance: there is no ${file}. Start one with \`bun start\`, or give --url.`)
  }
}

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(help)
} else {
  await installPackages()
  try {
    await takeShots(runningUrl())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
