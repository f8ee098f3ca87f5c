/** One value that outlives a reload. Storage may be full, switched off or written by an older version: then there is none. */
export type Kept<T> = { read(): T | null; write(value: T): void }

export function keptIn<T>(storage: Storage, key: string, isValid: (value: unknown) => value is T): Kept<T> {
  return {
    read() {
      try {
        const value: unknown = JSON.parse(storage.getItem(key) ?? 'null')
        return isValid(value) ? value : null
      } catch {
        return null
      }
    },
    write(value) {
      try {
        storage.setItem(key, JSON.stringify(value))
      } catch {
        // A full storage costs the copy, not the message: it stays in memory.
      }
    },
  }
}
