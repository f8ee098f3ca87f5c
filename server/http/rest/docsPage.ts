import { DOCS_STYLE } from './docsStyle.ts'
import type { OpenApi } from './openApi.ts'
import type { OpenApiOperation } from './openApiOperation.ts'
import { isSchema, type Schema } from './operation.ts'
import { escaped, prose, schemaInHtml } from './schemaInHtml.ts'

/** A page and the policy that it needs. */
export type DocsPage = { html: string; policy: string }

/**
 * The document for people: one page of HTML, no script, nothing from elsewhere. Its policy lets nothing run and names the one
 * style by its hash.
 */
export function docsPage(api: OpenApi): DocsPage {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const ofTag = (tag: string) => operations.filter(({ operation }) => operation.tags.includes(tag))
  const server = api.servers[0]?.url ?? ''
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Baton API</title>
<style>${DOCS_STYLE}</style>
</head>
<body>
<a class="skip" href="#start">Skip to the calls</a>
<nav aria-label="Calls">
<p class="brand"><a href="/">Baton</a> API ${escaped(api.info.version)}</p>
${api.tags.map(({ name }) => `<p>${escaped(name)}</p><ul>${ofTag(name).map(entry).join('')}</ul>`).join('\n')}
<p><a href="#types">Types</a></p>
</nav>
<main id="start">
<h1>Baton API</h1>
<p>${prose(api.info.description)}</p>
<p>The same as a document for programs: <a href="/api/openapi.json">OpenAPI ${escaped(api.openapi)}</a>. From TypeScript, use <code>createBatonClient</code>: it is typed by the same router.</p>
<p>What is refused answers with a fitting status and <a href="#type-Error">Error</a>: 400 the request, 401 the key, 403 its scope or its agent's role, 404 what is not there or not in reach, 409 somebody else was first, 412 not now.</p>
${api.tags
  .map(
    ({ name }) =>
      `<h2>${escaped(name)}</h2>\n${ofTag(name)
        .map((one) => article(one, server))
        .join('\n')}`,
  )
  .join('\n')}
<h2 id="types">Types</h2>
${Object.entries(api.components.schemas).map(type).join('\n')}
</main>
</body>
</html>
`
  const digest = new Bun.CryptoHasher('sha256').update(DOCS_STYLE).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return { html, policy }
}

type Call = { path: string; method: string; operation: OpenApiOperation }

const entry = ({ operation: { operationId } }: Call) =>
  `<li><a href="#${escaped(operationId)}">${escaped(operationId.split('.').at(-1))}</a></li>`

function article({ path, method, operation }: Call, server: string): string {
  const { operationId, description, parameters, requestBody, responses } = operation
  const takes = requestBody?.content['application/json']?.schema
  const [status = '200', answer] = Object.entries(responses)[0] ?? []
  const [type, content] = Object.entries(answer?.content ?? {})[0] ?? []
  return `<article id="${escaped(operationId)}">
<h3><span class="${escaped(method)}">${escaped(method.toUpperCase())}</span> <code>${escaped(path)}</code></h3>
<p class="meta">tRPC <code>${escaped(operationId)}</code> · scope <code>${escaped(operation['x-scope'])}</code></p>
${description === '' ? '' : `<p>${prose(description)}</p>`}
${parameters.length === 0 ? '' : block('Parameters', schemaInHtml(asObject(parameters)))}
${takes ? block('Body', schemaInHtml(takes)) : ''}
${content ? block(`Answer ${status}${type === 'application/json' ? '' : `, ${type}`}`, schemaInHtml(content.schema)) : `<h4>Answer ${escaped(status)}</h4><p>${escaped(answer?.description ?? '')}</p>`}
${block('Try it', escaped(curl(server + path, method, takes)))}
</article>`
}

const block = (title: string, html: string) =>
  `<h4>${escaped(title)}</h4><pre tabindex="0" role="group" aria-label="${escaped(title)}"><code>${html}</code></pre>`

const type = ([name, schema]: [string, Schema]) =>
  `<section id="type-${escaped(name)}"><h3>${escaped(name)}</h3><pre tabindex="0" role="group" aria-label="${escaped(name)}"><code>${schemaInHtml(schema)}</code></pre></section>`

function asObject(parameters: OpenApiOperation['parameters']): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(({ name, schema, description }) => [
        name,
        description ? { ...schema, description } : schema,
      ]),
    ),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  }
}

function curl(url: string, method: string, takes: Schema | undefined): string {
  const names = isSchema(takes?.properties) ? Object.keys(takes.properties) : []
  const required = Array.isArray(takes?.required) ? takes.required : []
  const fields = names.filter((name) => required.includes(name)).map((name) => `"${name}": …`)
  const sent = takes ? ` \\\n  -H 'Content-Type: application/json' -d '{ ${fields.join(', ')} }'` : ''
  return `curl ${method === 'post' ? '-X POST ' : ''}${url} \\\n  -H 'Authorization: Bearer baton_…'${sent}`
}
