import type { Limits } from '../../../../server/whatsapp/limits.ts'

/** WhatsApp's limits, checked as one types. A copy: its type holds the server's numbers, so it can not differ from them. */
export const LIMITS: Limits = {
  textLength: 4096,
  captionLength: 1024,
  interactiveTextLength: 1024,
  listTextLength: 4096,
  headerLength: 60,
  footerLength: 60,
  mostButtons: 3,
  buttonTitleLength: 20,
  buttonIdLength: 256,
  listButtonLength: 20,
  mostSections: 10,
  mostRows: 10,
  sectionTitleLength: 24,
  rowTitleLength: 24,
  rowIdLength: 200,
  rowDescriptionLength: 72,
  urlTitleLength: 20,
  urlLength: 2000,
  mostCards: 257,
  templateBodyLength: 1024,
  templateBodyAloneLength: 32_768,
}
