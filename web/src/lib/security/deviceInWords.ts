/** A browser and its system, as people call it. */
export function deviceInWords({
  browser,
  system,
}: {
  browser: string | null
  system: string | null
}): string {
  if (browser && system) return `${browser} on ${system}`
  return browser ?? system ?? 'A browser that does not say its name'
}

/** Where it was signed in from, as far as it is kept: the network, and nothing for this machine itself. */
export function networkInWords(network: string | null): string | null {
  if (network === null) return null
  return /^(127\.|::\/)/.test(network) ? 'From the machine that Baton runs on' : `From the network ${network}`
}
