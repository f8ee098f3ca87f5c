import type { SHORTEST_PASSWORD as Shortest } from '../../../../server/auth/password.ts'

/** As the server says: the type holds the number. */
export const SHORTEST_PASSWORD: typeof Shortest = 10
