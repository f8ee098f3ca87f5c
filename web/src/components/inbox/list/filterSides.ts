import type { Session } from '#lib/inbox/session.svelte.ts'
import type { Sides } from '#lib/list/filterOptions.ts'

/** What this agent can filter by. */
export function filterSides({ me, people, labels }: Session): Sides {
  return {
    channels: me.channels,
    teams: people.isLoaded ? people.teams : null,
    agents: people.isLoaded ? people.agents : null,
    labels: labels.isLoaded ? labels.all : null,
    meId: me.agent.id,
  }
}
