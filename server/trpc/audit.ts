import { z } from 'zod'
import { auditAsCsv, auditAsJson } from '../inbox/auditAsText.ts'
import { reachOf } from '../inbox/policy.ts'
import { auditActions, auditPage } from '../inbox/readAudit.ts'
import { writeAudit } from '../inbox/writeAudit.ts'
import { momentCursor } from './cursors.ts'
import { memberProcedure, router } from './init.ts'

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const filters = {
  actorId: z.uuid().optional(),
  /** `person.removed`, or all that begin so: `person.` */
  actions: z
    .array(z.string().regex(/^[a-z][\w.]{0,60}$/i))
    .max(50)
    .optional(),
  from: moment.optional(),
  until: moment.optional(),
}

/** More lines than a spreadsheet is pleasant with; narrow the time for more. */
const MOST_EXPORTED = 50_000

/** Who did what, when. It is only ever added to. */
export const auditRouter = router({
  /** A page of the log, newest first; `actions` are the words that it knows. */
  list: memberProcedure
    .input(
      z.object({
        ...filters,
        before: momentCursor.optional(),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'audit.read')
      const { workspaceId } = agent
      const [page, actions] = await Promise.all([
        auditPage(services.sql, { workspaceId, reach }, input, input),
        auditActions(services.sql, workspaceId),
      ])
      return { ...page, actions }
    }),

  /** The log as a file, up to 50,000 lines, newest first; that it was taken is a line of the log too. */
  export: memberProcedure
    .input(z.object({ ...filters, format: z.enum(['csv', 'json']) }))
    .mutation(async ({ ctx: { agent, services }, input: { format, ...asked } }) => {
      const reach = await reachOf(services.sql, agent, 'audit.read')
      const { workspaceId, id: actorId } = agent
      const at = { limit: MOST_EXPORTED }
      const { entries, nextCursor } = await auditPage(services.sql, { workspaceId, reach }, asked, at)
      const details = { format, lines: entries.length, ...asked }
      await services.sql.begin((tx) =>
        writeAudit(tx, { workspaceId, actorId, action: 'audit.exported', details }),
      )
      const isCsv = format === 'csv'
      return {
        filename: `audit-${services.now().toISOString().slice(0, 10)}.${format}`,
        type: isCsv ? 'text/csv; charset=utf-8' : 'application/json',
        text: isCsv ? auditAsCsv(entries) : auditAsJson(entries),
        isCutOff: nextCursor !== null,
      }
    }),
})
