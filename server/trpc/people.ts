import { readPeople } from '../inbox/readPeople.ts'
import { memberProcedure, router } from './init.ts'

export const peopleRouter = router({
  /** The agents and teams of the workspace: whom a conversation can be given to, who can be mentioned. */
  list: memberProcedure.query(({ ctx: { agent, services } }) => readPeople(services.sql, agent.workspaceId)),
})
