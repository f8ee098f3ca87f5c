import { parseArgs } from 'node:util'
import { installPackages } from './install.ts'

const help = `bun run apikey:create --agent ana@example.com --name "Shop system" [--scopes read,write,admin] [--days N]

Makes an API key that acts as the agent, and prints it once. Scopes: read sees, write answers and changes, admin administers
(when the agent may); read alone, if not named. Without --days it holds until somebody revokes it, at /settings/api-keys.`

const DAY_MS = 24 * 60 * 60 * 1000

await installPackages()
const { databaseOf } = await import('./services/databaseOf.ts')
const { failWith, PlainError } = await import('./services/plainError.ts')
const { openDatabase } = await import('../db/client.ts')
const { makeApiKey } = await import('../server/auth/apiKey.ts')
const { SCOPES } = await import('../server/inbox/apiKey.ts')
const { createApiKey } = await import('../server/inbox/createApiKey.ts')

try {
  const { values } = parseArgs({
    options: {
      agent: { type: 'string' },
      name: { type: 'string' },
      scopes: { type: 'string', default: 'read' },
      days: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) console.log(help)
  else await create(values)
} catch (error) {
  failWith(error instanceof TypeError ? new PlainError(`${error.message}\n\n${help}`) : error)
}

async function create(wanted: { agent?: string; name?: string; scopes: string; days?: string }) {
  const { agent: email, name } = wanted
  if (!email) throw new PlainError(`--agent is missing: the e-mail address of whom it acts as.\n\n${help}`)
  if (!name) throw new PlainError(`--name is missing.\n\n${help}`)
  const words = wanted.scopes.split(',').map((word) => word.trim())
  const scopes = SCOPES.filter((scope) => words.includes(scope))
  if (scopes.length !== words.length) throw new PlainError(`--scopes knows ${SCOPES.join(', ')}, each once.`)
  const days = wanted.days === undefined ? null : Number(wanted.days)
  if (days !== null && !(days > 0)) throw new PlainError('--days must be a number above 0.')
  const expiresAt = days === null ? null : new Date(Date.now() + days * DAY_MS)

  const { sql, close } = openDatabase(databaseOf(process.env), { connections: 1 })
  try {
    const [agent] = await sql<{ id: string; name: string; workspaceId: string }[]>`
      select a.id, a.name, m.workspace_id from agents a join memberships m on m.agent_id = a.id
      where a.email = ${email.toLowerCase()} order by m.created_at, m.workspace_id limit 1`
    if (!agent) throw new PlainError(`There is no agent with the address ${email}.`)
    const { key, prefix, hash } = makeApiKey()
    const { id: agentId, workspaceId } = agent
    await sql.begin((tx) =>
      createApiKey(tx, { workspaceId, agentId, name, scopes, expiresAt, createdById: null, prefix, hash }),
    )
    const until = expiresAt === null ? 'until it is revoked' : `until ${expiresAt.toISOString()}`
    console.log(
      `Made the API key "${name}": acts as ${agent.name}, may ${scopes.join(', ')}, holds ${until}.`,
    )
    console.log(`API key (shown this once): ${key}`)
  } finally {
    await close()
  }
}
