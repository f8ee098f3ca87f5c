import { randomInt } from 'node:crypto'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { CODE_DIGITS, STEP_S } from './totp.ts'

/** Between the password and the code: enough to find the phone. */
const CHALLENGE_S = 10 * 60
const RECOVERY_CODES = 10
const RECOVERY_CODE_LENGTH = 10
/** Without 0, 1, l and o: these codes are written on paper, and typed from it. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

/**
 * The second factor: better-auth asks for it after the password. Five tries for each sign-in, ten in a row for each agent, after
 * which their codes are not looked at for a quarter of an hour. Nobody gets that far without the password, so nobody locks out
 * whom they do not know; a passkey goes another way and still opens.
 */
export function secondFactor() {
  return twoFactor({
    issuer: 'Baton',
    twoFactorCookieMaxAge: CHALLENGE_S,
    totpOptions: { digits: CODE_DIGITS, period: STEP_S },
    backupCodeOptions: {
      amount: RECOVERY_CODES,
      storeBackupCodes: 'encrypted',
      customBackupCodesGenerate: () => Array.from({ length: RECOVERY_CODES }, recoveryCode),
    },
    accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 15 * 60 },
    schema: {
      user: { fields: { twoFactorEnabled: 'twoFactorEnabled' } },
      twoFactor: { modelName: 'twoFactors', fields: { userId: 'agentId' } },
    },
  })
}

/** Fifty random bits, such as `k7m2p-x9qfa`. */
function recoveryCode(): string {
  const signs = Array.from({ length: RECOVERY_CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)])
  return `${signs.slice(0, 5).join('')}-${signs.slice(5).join('')}`
}
