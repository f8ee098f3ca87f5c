import { type Draft, NO_DRAFT } from './draftMerge.ts'

/** Where one agent's drafts stand on this device: the same for all tabs, and kept when they are closed. */
export type DraftStore = {
  all(): [key: string, draft: Draft][]
  /** Null: nothing is kept under that key any more. */
  write(key: string, draft: Draft | null): void
  clear(): void
  /** Another tab wrote; answers with the way to stop. */
  listen(heard: (key: string, draft: Draft | null) => void): () => void
}

/** One entry for each draft, so that two tabs that write in two conversations do not write over each other. */
export function draftStoreIn(storage: Storage, agentId: string, page: EventTarget): DraftStore {
  const prefix = `baton:draft:${agentId}:`
  const keys = () =>
    Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) =>
      key.startsWith(prefix),
    )
  return {
    all: () =>
      tried(() => keys().map((key) => [key.slice(prefix.length), read(storage.getItem(key))] as const), [])
        .filter((entry): entry is readonly [string, Draft] => entry[1] !== null)
        .map(([key, draft]) => [key, draft]),
    write: (key, draft) =>
      tried(() => {
        if (draft === null) storage.removeItem(prefix + key)
        else storage.setItem(prefix + key, JSON.stringify(draft))
        // Without room or permission a draft lives as long as the tab, and on the server.
      }, undefined),
    clear: () =>
      tried(() => {
        for (const key of keys()) storage.removeItem(key)
      }, undefined),
    listen: (heard) => {
      const listening = new AbortController()
      page.addEventListener(
        'storage',
        (event) => {
          if (event instanceof StorageEvent && event.key?.startsWith(prefix))
            heard(event.key.slice(prefix.length), read(event.newValue))
        },
        { signal: listening.signal },
      )
      return () => listening.abort()
    },
  }
}

function read(text: string | null): Draft | null {
  const value = tried(() => JSON.parse(text ?? 'null') as Partial<Draft> | null, null)
  if (typeof value?.text !== 'string' || typeof value.version !== 'number') return null
  return { ...NO_DRAFT, ...value, isSaved: value.isSaved === true }
}

function tried<T>(act: () => T, otherwise: T): T {
  try {
    return act()
  } catch {
    return otherwise
  }
}
