import type { BrowserContext, Page, Request } from 'playwright-core'

/** What came of markup in a page: each of them has to stay empty. */
export type Injected = {
  /** What the policy of the page stopped, and dialogs, and calls of what the payloads call. */
  violations: string[]
  dialogs: string[]
  calls: string[]
  /** Requests to a host that is not ours. */
  requests: string[]
  /** Elements and addresses that a payload has made, as far as they were looked for. */
  elements: string[]
}

// As text: it runs in every page before anything else does, and the types of a page are not known here.
const WATCH = `
  globalThis.injected = (number) => { void tellInjected('calls', 'injected(' + number + ')') }
  document.addEventListener('securitypolicyviolation', (event) => {
    void tellInjected('violations', event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample)
  })
`

/** Elements that only a payload makes, and addresses that run something. */
const MADE = `[...document.querySelectorAll('*')].flatMap((element) => {
  const signs = []
  if (element.hasAttribute('data-injected')) signs.push('an element of a payload')
  for (const { name, value } of element.attributes) {
    if (/^on/i.test(name)) signs.push('a handler ' + name)
    if (/^(href|xlink:href|src|action|formaction|data)$/i.test(name) && /^\\s*(javascript|vbscript|data:text)/i.test(value)) signs.push(name + '=' + value)
    if (name === 'srcdoc') signs.push('srcdoc')
  }
  return signs.map((sign) => sign + ': ' + element.outerHTML.slice(0, 120))
})`

/** Watches every page of a context from its first moment on. Call it before the first page is opened. */
export async function watchMarkup(context: BrowserContext, ourOrigin: string): Promise<Injected> {
  const injected: Injected = { violations: [], dialogs: [], calls: [], requests: [], elements: [] }
  await context.exposeFunction('tellInjected', (kind: 'violations' | 'calls', what: string) => {
    injected[kind].push(what)
  })
  await context.addInitScript(WATCH)
  const elsewhere = (request: Request) => {
    // What the policy stopped is among the violations.
    const isStopped = /csp/i.test(request.failure()?.errorText ?? '')
    const url = request.url()
    if (!isStopped && !url.startsWith(ourOrigin) && /^https?:/.test(url)) injected.requests.push(url)
  }
  context.on('requestfinished', elsewhere)
  context.on('requestfailed', elsewhere)
  context.on('dialog', (dialog) => {
    injected.dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  return injected
}

/** Looks at what stands in a page now. */
export async function lookForMarkup(page: Page, injected: Injected): Promise<void> {
  injected.elements.push(...(await page.evaluate<string[]>(MADE)))
}
