/**
 * Meta's own limits of what is sent (shared facts §3 and §5), in UTF-16 units where they count characters, which is never
 * more than what Meta counts. The web keeps a copy in `web/src/lib/inbox/limits.ts`: it takes only types from here, and the
 * type holds the numbers, so a copy that differs does not compile.
 */
export const LIMITS = {
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
} as const

export type Limits = typeof LIMITS
