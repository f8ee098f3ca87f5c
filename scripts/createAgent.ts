import { parseArgs } from 'node:util'
import type { BuiltInRole } from '../server/inbox/role.ts'
import { installPackages } from './install.ts'

const help = `bun run agent:create --email you@example.com --name "Your name" [--role owner|administrator|supervisor|agent|viewer] [--workspace ID]

Makes an agent who can sign in, as a member of every team of the workspace (the only one there is, if not named).
Who is the first becomes its owner, others administrators, if no role is named. The password is read from standard input when it is piped in; else one is made up and printed once.`

const SHORTEST_PASSWORD = 10

await installPackages()
const { databaseOf } = await import('./services/databaseOf.ts')
const { failWith, PlainError } = await import('./services/plainError.ts')
const { openDatabase } = await import('../db/client.ts')
const { createPasswordHash } = await import('../server/auth/password.ts')
const { BUILT_IN_ROLES } = await import('../server/inbox/role.ts')
const { createAgent } = await import('../server/inbox/createAgent.ts')

try {
  const { values } = parseArgs({
    options: {
      email: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string', default: '' },
      workspace: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) console.log(help)
  else await create(values)
} catch (error) {
  failWith(error instanceof TypeError ? new PlainError(`${error.message}\n\n${help}`) : error)
}

async function create(wanted: { email?: string; name?: string; role: string; workspace?: string }) {
  const { email, name, role } = wanted
  if (!email || !/^\S+@\S+\.\S+$/.test(email))
    throw new PlainError(`--email must be an e-mail address.\n\n${help}`)
  if (!name) throw new PlainError(`--name is missing.\n\n${help}`)
  if (role !== '' && !isBuiltIn(role))
    throw new PlainError('--role is owner, administrator, supervisor, agent or viewer.')
  const piped = process.stdin.isTTY ? '' : (await Bun.stdin.text()).trim()
  if (piped && piped.length < SHORTEST_PASSWORD) {
    throw new PlainError(`The password must have at least ${SHORTEST_PASSWORD} characters.`)
  }
  const password = piped || Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString('base64url')
  const { sql, close } = openDatabase(databaseOf(process.env), { connections: 1 })
  try {
    const workspaces = await sql<{ id: string; name: string }[]>`select id, name from workspaces`
    const workspace = wanted.workspace
      ? workspaces.find(({ id }) => id === wanted.workspace)
      : workspaces.length === 1
        ? workspaces[0]
        : undefined
    if (!workspace) throw new PlainError(whichWorkspace(workspaces))
    const taken = await sql`select 1 from agents where email = ${email.toLowerCase()}`
    if (taken.length > 0) throw new PlainError(`There is already an agent with the address ${email}.`)
    const [owner] =
      await sql`select 1 from memberships where workspace_id = ${workspace.id} and role = 'owner'`
    const given = role === '' ? (owner ? 'administrator' : 'owner') : role
    const passwordHash = await createPasswordHash(password)
    await sql.begin((tx) =>
      createAgent(tx, { workspaceId: workspace.id, name, email, role: given, passwordHash }),
    )
    console.log(`Made ${given} ${name} <${email}> in "${workspace.name}".`)
    if (!piped) console.log(`Password (shown this once): ${password}`)
  } finally {
    await close()
  }
}

function isBuiltIn(role: string): role is BuiltInRole {
  return role in BUILT_IN_ROLES
}

function whichWorkspace(workspaces: { id: string; name: string }[]): string {
  if (workspaces.length === 0)
    return 'There is no workspace yet: bun run workspace:create --name "Your company"'
  const list = workspaces.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
  return `Say which workspace with --workspace ID:\n${list}`
}
