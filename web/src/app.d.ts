/** Where the API listens in development; '' in a build: the page's own origin. */
declare const __API_ORIGIN__: string

/** A language's words, as the build makes them of `web/languages/`. */
declare module 'virtual:words/*' {
  const words: Record<string, string | ({ count: number } & Partial<Record<Intl.LDMLPluralRule, string>>)>
  export default words
}
