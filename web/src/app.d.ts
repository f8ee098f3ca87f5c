/** Where the API listens in development; '' in a build: the page's own origin. */
declare const __API_ORIGIN__: string

/** Where the words of a language lie, as the build makes them of `web/languages/`. */
declare module 'virtual:words/*' {
  const address: string
  export default address
}
