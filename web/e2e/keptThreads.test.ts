import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { openDatabase, type Sql } from '../../db/client.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { callAs, signInAs } from './browser.ts'
import { bubble, CUSTOMER, openConversation, row } from './desk.ts'
import { deliver, isAtEnd, type LongThread, sitDownBeforeThread } from './longThread.ts'
import { manyConversations } from './manyConversations.ts'

const WITHIN_MS = 60_000
/** Of the demo. */
const OTHER = 'Sheena Nelson'
/** As many as a tab holds. */
const MOST = 12

// As text: these run in the page, and the types of a page are not known here.
const SHOWN = 'document.querySelector("[data-thread]")'
const FOCUSED_IN_A_LIST = 'document.activeElement?.closest("[role=log]") !== null'
const LISTEN =
  '{ const { play } = HTMLMediaElement.prototype; HTMLMediaElement.prototype.play = function () { window.heard = this; return play.call(this) } }'
const IS_HEARD = '!window.heard.paused'

/** The list of a thread stays on the page, out of sight, when another conversation is opened: nothing of it may be seen, heard or acted on. */
describe('a thread that was open before', () => {
  let desk: LongThread
  let page: Page
  let sql: Sql
  let close: () => Promise<void>
  let contactId: string

  const lists = () => page.locator('[role=log]')
  const heading = (name: string) => page.getByRole('heading', { name, level: 2, exact: true })
  const isShown = (name: string) => heading(name).waitFor()
  const open = async (name: string) => {
    await openConversation(page, name)
    await isShown(name)
    await page.locator('[data-thread]').waitFor()
  }
  /** Away and back, while something is open: it is closed on both sides. */
  const leave = async (isOpen: string) => {
    await page.goBack()
    await isShown(OTHER)
    await eventually(async () => (await page.locator(isOpen).count()) === 0)
    await page.goForward()
    await isShown(CUSTOMER.name)
    expect(await page.locator(isOpen).count()).toBe(0)
  }
  const unread = async () => {
    const [found] = await sql<{ count: number }[]>`
      select unread_count as count from conversations where id = ${desk.conversationId}`
    return found?.count
  }

  beforeAll(async () => {
    desk = await sitDownBeforeThread(300)
    page = desk.page
    ;({ sql, close } = openDatabase(desk.stack.databaseUrl, { connections: 2 }))
    const [found] = await sql<{ contactId: string }[]>`
      select contact_id as "contactId" from conversations where id = ${desk.conversationId}`
    contactId = found?.contactId ?? ''
  }, WITHIN_MS)

  afterAll(async () => {
    await close?.()
    await desk?.stop()
  }, WITHIN_MS)

  test(
    'is there again as it was, with what was said meanwhile, which nobody has seen until then',
    async () => {
      await page.evaluate(`${SHOWN}.isTheSame = true`)
      await open(OTHER)
      expect(await lists().count()).toBe(2)
      expect(await lists().locator('visible=true').count()).toBe(1)
      const said = ['Are you there?', 'It is about the table', 'I can come on Friday']
      for (const text of said) await desk.write({ type: 'text', text })
      await row(page).locator('text=unread').waitFor()
      await row(page).getByText('I can come on Friday').waitFor()
      // Out of sight nothing is drawn, and so nothing is seen.
      expect(await lists().filter({ hasText: 'Are you there?' }).count()).toBe(0)
      expect(await unread()).toBe(3)
      await open(CUSTOMER.name)
      expect(await page.evaluate<boolean>(`${SHOWN}.isTheSame === true`)).toBe(true)
      for (const text of said) await bubble(page, text).waitFor()
      const all = (await page.locator('[data-thread] [data-message]').allInnerTexts()).join('\n')
      expect(said.map((text) => all.indexOf(text))).toEqual(
        said.map((text) => all.indexOf(text)).toSorted((one, other) => one - other),
      )
      await page.locator('[data-thread] [data-row=new]').waitFor()
      await eventually(async () => (await unread()) === 0)
    },
    WITHIN_MS,
  )

  test(
    'begins at its end, wherever it was left',
    async () => {
      await page.locator('[data-thread]').focus()
      await page.keyboard.press('Home')
      await isAtEnd(page).waitFor({ state: 'detached' })
      await open(OTHER)
      await open(CUSTOMER.name)
      await isAtEnd(page).waitFor()
      const last = await bubble(page, 'I can come on Friday').boundingBox()
      const view = await page.locator('[data-thread]').boundingBox()
      expect(last && view && last.y >= view.y && last.y + last.height <= view.y + view.height).toBe(true)
    },
    WITHIN_MS,
  )

  test(
    'leaves nothing open over the next one, nor the focus in what nobody sees',
    async () => {
      await deliver(desk, 'wamid.edited', 'text', { body: 'I need two chars' })
      await bubble(page, 'two chars').waitFor()
      const changed = { type: 'text', text: { body: 'I need two chairs' } }
      await deliver(desk, 'wamid.edit', 'edit', { original_message_id: 'wamid.edited', message: changed })
      await bubble(page, 'two chairs').getByRole('button', { name: 'edited' }).click()
      await page.locator('[data-history] li').first().waitFor()
      await leave('[data-history]')
      await page.locator('[data-thread]').focus()
      await eventually(async () => {
        await page.keyboard.press('Home')
        const begins = page.locator('[data-thread]').getByText('The conversation begins here')
        return (await begins.count()) > 0 && (await page.evaluate<boolean>(`${SHOWN}.scrollTop === 0`))
      })
      await page.locator('[data-thread] [data-row=day] [data-act=day]').first().click()
      await page.locator('input[type=date]').waitFor()
      await leave('input[type=date]')
      await bubble(page, 'I can come on Friday').focus()
      expect(await page.evaluate<boolean>(FOCUSED_IN_A_LIST)).toBe(true)
      await page.keyboard.press('j')
      await heading(CUSTOMER.name).waitFor({ state: 'detached' })
      expect(await page.evaluate<boolean>(FOCUSED_IN_A_LIST)).toBe(false)
      await open(CUSTOMER.name)
    },
    WITHIN_MS,
  )

  test(
    'is not heard any more',
    async () => {
      await desk.write({ type: 'voice', seconds: 61 })
      const note = page.locator('[data-thread]').getByRole('group').filter({ hasText: '1:01' })
      await page.evaluate(LISTEN)
      await note.getByRole('button', { name: 'Play' }).click()
      await page.getByRole('button', { name: 'Pause' }).waitFor()
      await eventually(() => page.evaluate<boolean>(IS_HEARD))
      await open(OTHER)
      await eventually(async () => !(await page.evaluate<boolean>(IS_HEARD)))
    },
    WITHIN_MS,
  )

  test(
    'stays as long as the tab holds it, and no longer',
    async () => {
      await manyConversations(sql, MOST + 2)
      await page.reload()
      await open(CUSTOMER.name)
      for (let turn = 1; turn < MOST + 2; turn++) {
        const before = await page.locator('[data-thread]').getAttribute('data-thread')
        await page.keyboard.press('j')
        await page.locator(`[data-thread]:not([data-thread="${before}"])`).waitFor()
        expect(await lists().count()).toBe(Math.min(MOST, turn + 1))
      }
    },
    WITHIN_MS,
  )

  test(
    'leaves the page with its contact, when that is erased',
    async () => {
      await open(CUSTOMER.name)
      await open(OTHER)
      const count = await lists().count()
      const carla = await signInAs(desk.browser, desk.stack.url, 'carla@demo.baton')
      await callAs(carla.page, 'contacts.erase', { contactId, name: CUSTOMER.name })
      await eventually(async () => (await lists().count()) === count - 1)
      // The row and the panel of a conversation that is gone have no words of it either.
      expect(await page.content()).not.toContain('I can come on Friday')
      await carla.page.context().close()
    },
    WITHIN_MS,
  )

  test('nothing in the page complained', () => {
    expect(desk.complaints).toEqual([])
  })

  test(
    'leaves the page when it is not the agent’s to see any more, and comes back when it is',
    async () => {
      await row(page, 'Customer 0013').click()
      await page.locator('[data-thread]').waitFor()
      expect(await lists().count()).toBeGreaterThan(1)
      const taken = await sql<{ teamId: string; agentId: string }[]>`
        delete from team_members using agents
        where agents.id = team_members.agent_id and agents.email = 'ana@demo.baton'
        returning team_id as "teamId", agent_id as "agentId"`
      await eventually(async () => (await lists().count()) === 0)
      for (const { teamId, agentId } of taken)
        await sql`insert into team_members (team_id, agent_id) values (${teamId}, ${agentId})`
      await page.locator('[data-thread]').waitFor()
      expect(await lists().count()).toBe(1)
    },
    WITHIN_MS,
  )
})
