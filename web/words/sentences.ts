import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readSource } from './readSource.ts'

export const source = join(import.meta.dirname, '../src')

/** One place where a sentence stands. */
export type Place = { file: string; line: number; values: string[] }

/** Whether people may read something of this file: sources of the app, but not tests and not the catalogue's own. */
export function hasWords(path: string): boolean {
  const name = relative(source, path)
  if (name.startsWith('..') || /^(lib\/words|service-worker)\//.test(name)) return false
  return /\.(svelte|ts)$/.test(name) && !/\.(test|d)\.ts$/.test(name)
}

/** Every sentence of the app, with where it stands. */
export function sentencesOf(folder = source): Map<string, Place[]> {
  const places = new Map<string, Place[]>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name)
    if (!hasWords(path)) continue
    for (const { text, line, values } of readSource(name, readFileSync(path, 'utf8')).found) {
      places.set(text, [...(places.get(text) ?? []), { file: `web/src/${name}`, line, values }])
    }
  }
  return places
}
