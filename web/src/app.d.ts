/** Where the API listens in development; '' in a build: the page's own origin. */
declare const __API_ORIGIN__: string
