import { deviceInWords } from '../security/deviceInWords.ts'

/** How somebody signed in, in words; a word that is not known here is left out. */
const WAYS: Record<string, string> = {
  password: 'With the password',
  passkey: 'With a passkey',
  second_factor: 'With password and second factor',
  recovery_code: 'With password and recovery code',
  single_sign_on: 'Through single sign-on',
}

const REASONS: Record<string, string> = {
  wrong_password: 'Wrong password',
  wrong_code: 'Right password, wrong code',
  deactivated: 'Right password, but deactivated',
  demo_is_off: 'An account of the demo, which is off',
  too_many_tries: 'Ten wrong passwords from one address',
}

/** What the log knows of a sign-in: how or why not, the device, the network. Empty for everything else. */
export function signInInWords(action: string, details: unknown): string[] {
  if (!action.startsWith('sign_in.') || typeof details !== 'object' || details === null) return []
  const fields = new Map<string, unknown>(Object.entries(details))
  const text = (name: string) => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : null
  }
  const how = WAYS[text('way') ?? ''] ?? REASONS[text('why') ?? '']
  const network = text('network')
  return [
    ...(how ? [how] : []),
    deviceInWords({ browser: text('browser'), system: text('system') }),
    ...(network ? [`Network ${network}`] : []),
  ]
}
