import { agentOf } from '../auth/agentOf.ts'
import type { Agent } from '../inbox/agent.ts'
import { createSendDesk } from '../inbox/sendDesk.ts'
import { DOWNLOAD_LIMITS } from '../jobs/downloadLimits.ts'
import { downloadMedia } from '../jobs/downloadMedia.ts'
import { keepAssigned } from '../jobs/keepAssigned.ts'
import { keepRetention } from '../jobs/keepRetention.ts'
import { keepSearchFresh } from '../jobs/keepSearchFresh.ts'
import { removeMedia } from '../jobs/removeMedia.ts'
import { sendScheduled } from '../jobs/sendScheduled.ts'
import { keepTemplatesFresh } from '../jobs/syncTemplates.ts'
import { wakeAtLast } from '../jobs/wakeAtLast.ts'
import { workJobs } from '../jobs/workJobs.ts'
import { createLockStore } from '../live/lockStore.ts'
import { createLocks, LOCK_TIMES } from '../live/locks.ts'
import { presentAgents } from '../live/presentAgents.ts'
import { createLiveReach } from '../live/reach.ts'
import { createTabStore } from '../live/tabStore.ts'
import { createLiveWire } from '../live/wire.ts'
import { createGraphMedia } from '../whatsapp/graphMedia.ts'
import { createTemplateSource } from '../whatsapp/graphTemplates.ts'
import type { Foundation } from './foundation.ts'

/** Role `jobs`: fetches files, does what is due at its time, keeps templates and search fresh. */
export async function startJobs(foundation: Foundation): Promise<void> {
  const { env, sql, redis, subscriber, bell, store, api, log, now, stops } = foundation
  const leaving = new AbortController()
  const refresh = { sql, source: createTemplateSource(api), log, now }
  const refreshing = keepTemplatesFresh(refresh, leaving.signal)
  const indexing = keepSearchFresh({ sql, bell, log }, leaving.signal)
  const presentIn = presentAgents(createTabStore(redis))
  const assigning = keepAssigned({ sql, bell, log, now, presentIn }, leaving.signal)
  stops.push(async () => {
    leaving.abort()
    await Promise.all([refreshing, indexing, assigning])
  })
  const download = { apiUrl: api.apiUrl, ...DOWNLOAD_LIMITS }
  const { tokenOf } = api
  const parts = { sql, store, graph: createGraphMedia(api), download, tokenOf, bell, log, now }
  const wire = createLiveWire(redis, subscriber, log)
  stops.push(() => wire.close())
  const locks = createLocks({
    sql,
    reach: createLiveReach(sql),
    store: createLockStore(redis, LOCK_TIMES),
    wire,
    now,
  })
  const scheduling = {
    sql,
    bell,
    log,
    now,
    send: createSendDesk(sql, now),
    agentOf: (agentId: string) => agentOf(sql, agentId),
    batonOf: (agent: Agent, conversationId: string) => locks.batonOf(agent, conversationId, null),
  }
  const jobs = await workJobs(
    { databaseUrl: env.databaseUrl, bell, log },
    {
      'media.download': ({ mediaId }, signal) => downloadMedia(parts, mediaId, signal),
      'conversation.wake': (job) => wakeAtLast(parts, job),
      'message.send': ({ scheduledId }) => sendScheduled(scheduling, scheduledId),
      'data.retain': (_, signal) => keepRetention(parts, signal),
      'media.remove': (_, signal) => removeMedia(parts, signal),
    },
  )
  stops.push(() => jobs.stop())
}
