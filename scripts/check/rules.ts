import { dirname, join, normalize } from 'node:path'
import type { Finding } from './finding.ts'
import { type Import, importsOf } from './imports.ts'

export interface Rule {
  /** The files it is about, as a glob from the root. */
  files: string
  except?: RegExp
  /** True for an import that breaks it; `target` is the path from the root, or the package's name. */
  forbidsImport?: (target: string, found: Import, file: string) => boolean
  /** Text that breaks it. Comments may speak of it unless `inComments`. */
  forbidsText?: RegExp
  inComments?: boolean
  message: string
}

const tests = /\.test\.ts$/
const sources = /\.(ts|js|svelte)$/

/** What names a side of the page, in classes (`ml-2`, `text-left`) and in style sheets (`margin-left`, `right: 4px`). */
const SIDES =
  /(?:^|[\s"'`:{!(])-?(?:m[lr]|p[lr]|border-[lr]|rounded-[lr]|rounded-[tb][lr]|scroll-[mp][lr]|left|right)-(?!1\/2\b)(?:[\d[(]|auto|px|full|none|\w+\b)(?!\w*:)|\btext-(?:left|right)\b|\b(?:margin|padding|border)-(?:left|right)\b|\bborder-(?:top|bottom)-(?:left|right)-radius\b|\b(?:float|text-align):\s*(?:left|right)|(?<![\w-])(?:left|right):\s*(?:-?[\d.]|calc|auto|env|var)/

/** Every way to make elements, or a program, of a text. What a customer wrote is only ever text (CVE-2026-24399, CVE-2017-1000054). */
const TEXT_AS_MARKUP =
  /\{\s*@html\b|\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\s*\.\s*write(?:ln)?\b|\bcreateContextualFragment\b|\bsetHTML(?:Unsafe)?\b|\bparseFromString\b|\bsrcdoc\b|\bnew Function\b|\beval\(/

/** The walls between the rooms: dependency goes one way, and each thing of the world has one door. */
export const rules: Rule[] = [
  {
    files: 'server/inbox/**/*.ts',
    except: tests,
    forbidsImport: (target) => /^(hono|@trpc|ioredis|pg|pg-boss|better-auth)(\/|$)/.test(target),
    message: 'the inbox knows no transport, no Redis and no framework: hand it what it needs',
  },
  {
    files: 'server/inbox/**/*.ts',
    except: tests,
    forbidsImport: (target, found) =>
      /^(server|scripts|web)\//.test(target) &&
      !target.startsWith('server/inbox/') &&
      !(target.startsWith('server/whatsapp/') && (found.isTypeOnly || isPure(target))),
    message: 'the inbox imports db/, server/inbox/ and what is pure in server/whatsapp/',
  },
  {
    files: 'server/inbox/**/*.ts',
    except: tests,
    forbidsText: /\bfetch\(/,
    message: 'the inbox reaches for no network',
  },
  {
    files: 'server/**/*.ts',
    except: /\.test\.ts$|^server\/((testing|roles|inbox|http|ws|trpc|ingest|sender|jobs|live|auth)\/)/,
    forbidsImport: (target, found) => target.startsWith('server/inbox/') && !found.isTypeOnly,
    message:
      'only the composition root (roles), http, ws, trpc, ingest, sender, jobs, live and auth use the inbox',
  },
  {
    files: 'server/**/*.ts',
    forbidsText: /simulat(or|ed|ion|e\b)/i,
    inComments: true,
    message: 'the product knows the Graph API only as WHATSAPP_API_URL',
  },
  {
    files: 'server/**/*.ts',
    forbidsImport: (target) => target.startsWith('scripts/'),
    message: 'the product imports no script',
  },
  {
    files: 'server/**/*.ts',
    // The entry files hand the environment to it, and to nobody else.
    except: /^server\/(env|main|ingest\/process)\.ts$|\.test\.ts$|^server\/testing\//,
    forbidsText: /process\.env|Bun\.env/,
    message: 'server/env.ts is the only reader of the environment',
  },
  {
    files: 'db/**/*.ts',
    // The seed writes what the inbox would have written, with the inbox's own rules.
    except: /\.test\.ts$|^db\/seed/,
    forbidsImport: (target, found) =>
      /^(scripts|web)\//.test(target) ||
      (target.startsWith('server/') && !found.isTypeOnly && !isPure(target)),
    message: 'db/ is the lowest room: nothing above it is imported there',
  },
  {
    files: 'server/client/**/*.ts',
    except: tests,
    forbidsImport: (target, found) =>
      !found.isTypeOnly && !/^(server\/client\/|@trpc\/client$|eventsource$)/.test(target),
    message:
      'the client runs at developers, who have @trpc/client and eventsource: take only types from the server',
  },
  {
    files: 'web/src/**/*.{ts,js,svelte}',
    except: tests,
    forbidsImport: (target, found) => /^(server|db|scripts)\//.test(target) && !found.isTypeOnly,
    message: 'the browser takes only types from the server: `import type`',
  },
  {
    files: 'web/src/**/*.{svelte,css}',
    forbidsText: SIDES,
    message:
      'Arabic is read from the other side: start and end (`ms-`, `inset-inline-end`), not left and right',
  },
  {
    files: '{web/src,scripts/simulate/page}/**/*.{ts,js,svelte}',
    forbidsText: TEXT_AS_MARKUP,
    // A line of markup may begin like a comment of a program.
    inComments: true,
    message: 'what people wrote is shown as text: nothing here makes elements or programs of it',
  },
]

/** Files of the domain that decide and touch nothing, so that any room may call them. */
function isPure(target: string): boolean {
  return (
    target.startsWith('server/whatsapp/') && !/\/(graph(?!Error)|send|upload|download)\w*\.ts$/i.test(target)
  )
}

/** All that breaks a rule in one file. */
export function breaches(file: string, source: string): Finding[] {
  if (!sources.test(file)) return []
  const about = rules.filter((rule) => new Bun.Glob(rule.files).match(file) && !rule.except?.test(file))
  return about.flatMap((rule) => [...importBreaches(rule, file, source), ...textBreaches(rule, file, source)])
}

function importBreaches({ forbidsImport, message }: Rule, file: string, source: string): Finding[] {
  if (!forbidsImport) return []
  return importsOf(source)
    .filter((found) => forbidsImport(targetOf(file, found.specifier), found, file))
    .map(({ specifier, line }) => ({ file, line, message: `${specifier}: ${message}` }))
}

function textBreaches({ forbidsText, inComments, message }: Rule, file: string, source: string): Finding[] {
  if (!forbidsText) return []
  return source.split('\n').flatMap((text, index) => {
    const isComment = /^\s*(\/\/|\*|\/\*)/.test(text)
    if ((isComment && !inComments) || !forbidsText.test(text)) return []
    return [{ file, line: index + 1, message }]
  })
}

/** `#server/x` is the web app's own way of saying `../server/x`. */
function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('#server/')) return specifier.slice(1)
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
}
