import type { Row } from '../row.ts'
import { axe } from './rows/axe.ts'
import { firstRoute } from './rows/firstRoute.ts'
import { heap } from './rows/heap.ts'
import { longThreads } from './rows/longThreads.ts'
import { prepends } from './rows/prepends.ts'
import { scrolling } from './rows/scrolling.ts'
import { switching } from './rows/switching.ts'
import { typing } from './rows/typing.ts'
import type { WebRowName } from './target.ts'

/** What `bun run bench --web` measures. */
export const WEB_ROWS: Record<WebRowName, Row> = {
  'first-route': firstRoute,
  switching,
  'long-threads': longThreads,
  scrolling,
  prepends,
  typing,
  heap,
  axe,
}
