import { installPackages } from './install.ts'

/**
 * Encrypts the tokens and secrets of all channels with the first key of BATON_SECRETS_KEY. Processes may run meanwhile; they
 * need both keys until this is done.
 */
await installPackages()
const { joinRunning } = await import('./services/joinRunning.ts')
const { failWith, PlainError } = await import('./services/plainError.ts')
const { reachPostgres } = await import('./services/reach.ts')
const { openDatabase } = await import('../db/client.ts')
const { createKeyRing, readKey } = await import('../server/secrets/keyRing.ts')
const { sealAnew } = await import('../server/secrets/sealAnew.ts')
const { databaseOf } = await import('./services/databaseOf.ts')

try {
  joinRunning(process.env)
  const keys = createKeyRing(keysIn(process.env.BATON_SECRETS_KEY))
  const url = databaseOf(process.env)
  await reachPostgres(url)
  const { sql, close } = openDatabase(url, { connections: 1 })
  const { sealed, current, unreadable } = await sealAnew(sql, keys).finally(close)
  console.log(
    `${sealed} ${sealed === 1 ? 'secret is' : 'secrets are'} encrypted with the newest key now; ${current} already were.`,
  )
  for (const { name, channelId, credential, reason } of unreadable) {
    console.log(`  ✗ ${credential} of channel "${name}" (${channelId}) cannot be decrypted: ${reason}`)
  }
  if (unreadable.length > 0) {
    throw new PlainError(
      'Put the key with which they were stored into BATON_SECRETS_KEY too, or replace the token on the channel’s page.',
    )
  }
  console.log('The older keys can be left out of BATON_SECRETS_KEY from the next restart on.')
} catch (error) {
  failWith(error)
}

function keysIn(text: string | undefined): Buffer[] {
  const keys = (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map(readKey)
  if (keys.length === 0)
    throw new PlainError('BATON_SECRETS_KEY is not set: make a key with openssl rand -hex 32.')
  if (keys.some((key) => key === null))
    throw new PlainError(
      'BATON_SECRETS_KEY must hold keys of 32 bytes, in hex or base64, separated by commas.',
    )
  return keys.flatMap((key) => key ?? [])
}
