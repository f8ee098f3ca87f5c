import type { TokenOf } from './accessToken.ts'
import type { Json, MessageError } from './content.ts'
import { isObject, listOf, objectOf, parseJson, textOf } from './json.ts'
import { messageError } from './messageError.ts'

/** A template as the account lists it. */
export type GraphTemplate = {
  graphId: string
  name: string
  language: string
  category: string
  status: string
  quality: string | null
  parameterFormat: 'positional' | 'named'
  components: Json
  rejectedReason: string | null
}

export type TemplateSource = {
  /** All templates of the account. Throws {@link TemplatesRefused} when WhatsApp says no. */
  list(businessAccountId: string, signal?: AbortSignal): Promise<GraphTemplate[]>
}

/** WhatsApp would not list the templates; `error` is its own. */
export class TemplatesRefused extends Error {
  override readonly name = 'TemplatesRefused'
  constructor(readonly error: MessageError) {
    super(`${error.code}: ${error.title}`)
  }
}

const FIELDS = 'id,name,language,status,category,parameter_format,components,quality_score,rejected_reason'
const PAGE_SIZE = 100
/** An account has up to 6,000 templates; a list that never ends must not be followed for ever. */
const MOST_PAGES = 100
const TIMEOUT_MS = 20_000

type Access = { apiUrl: string; tokenOf: TokenOf; pageSize?: number }

/** Lists templates from the Graph API at `apiUrl`, page by page. */
export function createTemplateSource(access: Access): TemplateSource {
  return {
    async list(businessAccountId, signal) {
      const templates: GraphTemplate[] = []
      let after: string | null = null
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const page = await fetchPage(access, businessAccountId, after, signal)
        templates.push(...listOf(page.data).flatMap((row) => readTemplate(row) ?? []))
        const { next, cursors } = objectOf(page.paging)
        // The cursor, not the address that the answer names: our token goes to the API that was configured and nowhere else.
        const cursor = textOf(objectOf(cursors).after)
        if (textOf(next) === null || cursor === null || cursor === after) return templates
        after = cursor
      }
      throw new Error(`The list of templates did not end within ${MOST_PAGES} pages`)
    },
  }
}

async function fetchPage(
  { apiUrl, tokenOf, pageSize = PAGE_SIZE }: Access,
  businessAccountId: string,
  after: string | null,
  signal: AbortSignal | undefined,
) {
  const url = new URL(`${apiUrl}/${encodeURIComponent(businessAccountId)}/message_templates`)
  url.searchParams.set('fields', FIELDS)
  url.searchParams.set('limit', String(pageSize))
  if (after !== null) url.searchParams.set('after', after)
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${await tokenOf({ businessAccountId })}` },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  })
  const page = objectOf(parseJson(await response.text()))
  if (isObject(page.error)) throw new TemplatesRefused(messageError(page.error))
  if (!response.ok || !Array.isArray(page.data))
    throw new Error(`HTTP ${response.status} without a list of templates`)
  return page
}

function readTemplate(row: Json): GraphTemplate | null {
  const template = objectOf(row)
  const [graphId, name, language] = [textOf(template.id), textOf(template.name), textOf(template.language)]
  if (graphId === null || name === null || language === null) return null
  const rejectedReason = textOf(template.rejected_reason)
  return {
    graphId,
    name,
    language,
    category: textOf(template.category)?.toUpperCase() ?? 'UTILITY',
    status: textOf(template.status)?.toUpperCase() ?? 'UNKNOWN',
    quality: textOf(objectOf(template.quality_score).score),
    parameterFormat: textOf(template.parameter_format)?.toUpperCase() === 'NAMED' ? 'named' : 'positional',
    components: listOf(template.components),
    rejectedReason: rejectedReason === 'NONE' ? null : rejectedReason,
  }
}
