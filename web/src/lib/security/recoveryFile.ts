/** The recovery codes as a file that says what it is, for whoever finds it years later. */
export function recoveryFile(codes: readonly string[], email: string): File {
  const lines = [
    `Recovery codes for Baton, ${location.host}, ${email}`,
    'Each one signs you in once, after your password, when your authenticator app is out of reach.',
    '',
    ...codes,
    '',
  ]
  return new File([lines.join('\n')], 'baton-recovery-codes.txt', { type: 'text/plain' })
}
