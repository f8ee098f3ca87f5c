import { DOWNLOAD_LIMITS } from '../jobs/downloadLimits.ts'
import { downloadMedia } from '../jobs/downloadMedia.ts'
import { keepTemplatesFresh } from '../jobs/syncTemplates.ts'
import { wakeAtLast } from '../jobs/wakeAtLast.ts'
import { workJobs } from '../jobs/workJobs.ts'
import { createGraphMedia } from '../whatsapp/graphMedia.ts'
import { createTemplateSource } from '../whatsapp/graphTemplates.ts'
import type { Foundation } from './foundation.ts'

/** Role `jobs`: fetches files, and keeps the templates fresh. */
export async function startJobs({ env, sql, bell, store, api, log, now, stops }: Foundation): Promise<void> {
  const leaving = new AbortController()
  const refresh = { sql, source: createTemplateSource(api), log, now }
  const refreshing = keepTemplatesFresh(refresh, leaving.signal)
  stops.push(async () => {
    leaving.abort()
    await refreshing
  })
  const download = { ...api, ...DOWNLOAD_LIMITS }
  const parts = { sql, store, graph: createGraphMedia(api), download, bell, log, now }
  const jobs = await workJobs(
    { databaseUrl: env.databaseUrl, bell, log },
    {
      'media.download': ({ mediaId }, signal) => downloadMedia(parts, mediaId, signal),
      'conversation.wake': (job) => wakeAtLast(parts, job),
    },
  )
  stops.push(() => jobs.stop())
}
