/**
 * The form of a phone number by which contacts are matched: digits only, and for the three countries where WhatsApp's id
 * and the dialled number differ by a digit, the shorter of the two, so that both find the same contact.
 *
 *   Brazil     55 + area + (9) + 8 digits       Mexico   52 + (1) + 10 digits       Argentina   54 + (9) + 10 digits
 *
 * What is not a number (Meta's examples have placeholders, some senders user ids) is returned as it is.
 */
export function canonicalPhone(phone: string): string {
  const digits = phone.replace(/[\s()+.-]/g, '')
  if (!/^\d{5,}$/.test(digits)) return phone
  return digits
    .replace(/^(55\d{2})9(\d{8})$/, '$1$2')
    .replace(/^521(\d{10})$/, '52$1')
    .replace(/^549(\d{10})$/, '54$1')
}

/**
 * The digits of a number as somebody typed it, with its country code; null when it is none, or has none. A single zero in
 * front says that the code was left out: whose country it is, nobody can know.
 */
export function dialledPhone(typed: string): string | null {
  const digits = typed
    .trim()
    .replace(/[\s()./-]/g, '')
    .replace(/^(\+|00)/, '')
  return /^[1-9]\d{6,14}$/.test(digits) ? digits : null
}

/** A business-scoped user id, such as `US.13491208655302741918` (Meta, "Business-scoped user IDs"). */
export function isBusinessScopedId(id: string): boolean {
  return /^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/.test(id)
}

/** The same at the level of a parent portfolio, such as `US.ENT.11815799212886844830`. */
export function isParentBusinessScopedId(id: string): boolean {
  return /^[A-Z]{2}\.ENT\.[A-Za-z0-9]{1,128}$/.test(id)
}
