import { parseArgs } from 'node:util'
import { installPackages } from './install.ts'

const help = `bun run workspace:create --name "Acme" [--team Support]

Makes a workspace with one team. When WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_BUSINESS_ACCOUNT_ID are set, their number
becomes its first channel (--display-number 15550783881, --channel "Support" name it). Then: bun run agent:create`

await installPackages()
const { databaseOf } = await import('./services/databaseOf.ts')
const { failWith, PlainError } = await import('./services/plainError.ts')
const { openDatabase } = await import('../db/client.ts')
const { createWorkspace } = await import('../server/inbox/createWorkspace.ts')

try {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      team: { type: 'string', default: 'Support' },
      channel: { type: 'string', default: 'WhatsApp' },
      'display-number': { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) console.log(help)
  else await create(values.name, values.team, values.channel, values['display-number'])
} catch (error) {
  failWith(error instanceof TypeError ? new PlainError(`${error.message}\n\n${help}`) : error)
}

async function create(
  name: string | undefined,
  teamName: string,
  channelName: string,
  displayPhoneNumber: string,
) {
  if (!name) throw new PlainError(`The workspace needs a name.\n\n${help}`)
  const phoneNumberId = process.env.WHATSAPP_PHONE_NUMBER_ID
  const businessAccountId = process.env.WHATSAPP_BUSINESS_ACCOUNT_ID
  const channel =
    phoneNumberId && businessAccountId
      ? { name: channelName, phoneNumberId, displayPhoneNumber, businessAccountId }
      : null
  const { sql, close } = openDatabase(databaseOf(process.env), { connections: 1 })
  try {
    const made = await sql.begin((tx) => createWorkspace(tx, { name, teamName, channel }))
    console.log(`Made workspace "${name}" (${made.workspaceId}) with team "${teamName}".`)
    if (made.channelId) console.log(`Its channel has the phone number id ${phoneNumberId}.`)
    else
      console.log(
        'It has no channel yet: set WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_BUSINESS_ACCOUNT_ID to give it one.',
      )
    console.log('Next: bun run agent:create --email you@example.com --name "Your name"')
  } finally {
    await close()
  }
}
