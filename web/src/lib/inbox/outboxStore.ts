import { inOrder, type Outgoing } from './outgoing.ts'

/** Where the messages of one agent wait on this device: outlives the tab, and is the same for all of its tabs. */
export type OutboxStore = {
  all(): Promise<Outgoing[]>
  put(message: Outgoing): Promise<void>
  remove(clientMessageId: string): Promise<void>
  clear(): Promise<void>
}

const STORE = 'outbox'
const VERSION = 1

/**
 * IndexedDB, one database for each agent: another one who signs in here neither sees nor sends what is left. What cannot be
 * written there (switched off, full) stays in memory and is still sent, as long as the tab lives.
 */
export function openOutboxStore(agentId: string, indexedDb: IDBFactory | undefined): OutboxStore {
  const unsaved = new Map<string, Outgoing>()
  let opened: Promise<IDBDatabase> | null = null

  const database = () => {
    opened ??= open(indexedDb, `baton:${agentId}`, () => {
      opened = null
    })
    opened.catch(() => {
      opened = null
    })
    return opened
  }
  const within = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>) => {
    const transaction = (await database()).transaction(STORE, mode)
    const request = act(transaction.objectStore(STORE))
    await settled(transaction)
    return request.result
  }

  return {
    async all() {
      const kept: unknown[] = await within('readonly', (store) => store.getAll()).catch(() => [])
      return inOrder([...kept, ...unsaved.values()])
    },
    async put(message) {
      try {
        await within('readwrite', (store) => store.put(message))
        unsaved.delete(message.clientMessageId)
      } catch {
        unsaved.set(message.clientMessageId, message)
      }
    },
    async remove(clientMessageId) {
      unsaved.delete(clientMessageId)
      await within('readwrite', (store) => store.delete(clientMessageId)).catch(() => {})
    },
    async clear() {
      unsaved.clear()
      await within('readwrite', (store) => store.clear()).catch(() => {})
    },
  }
}

function open(factory: IDBFactory | undefined, name: string, closed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (!factory) return reject(new Error('This browser keeps nothing'))
    const request = factory.open(name, VERSION)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'clientMessageId' })
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('Another tab holds an older version'))
    request.onsuccess = () => {
      const database = request.result
      database.onclose = closed
      database.onversionchange = () => {
        database.close()
        closed()
      }
      resolve(database)
    }
  })
}

function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
    transaction.onerror = () => reject(transaction.error)
  })
}
