import { phoneInWords } from '../inbox/phoneInWords.ts'
import type { ContactDetails } from './contactCard.svelte.ts'

type Identity = ContactDetails['identities'][number]

const KINDS: Record<Identity['kind'], string> = {
  phone: 'Phone',
  bsuid: 'WhatsApp id',
  parent_bsuid: 'WhatsApp id (portfolio)',
  group: 'Group id',
}

/** How WhatsApp knows a contact, for people to read. */
export function identityInWords({ kind, value }: Identity): { kind: string; value: string } {
  return { kind: KINDS[kind], value: kind === 'phone' ? phoneInWords(value) : value }
}
