/** Two letters of chance first: no folder, and no part of a bucket, gets all that comes in one hour. */
const KEY = /^[0-9a-f]{2}\/[0-9a-f-]{36}$/

/** A key for a file that is about to be stored. */
export function newKey(): string {
  const id = crypto.randomUUID()
  return `${id.slice(0, 2)}/${id}`
}

/** @throws when it is none of ours: a key that could lead out of the folder was made up somewhere */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error('This is no key of the media store')
  return key
}
