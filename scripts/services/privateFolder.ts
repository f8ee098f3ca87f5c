import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { PlainError } from './plainError.ts'

/**
 * Makes a folder below a place that everybody may write to (/var/tmp), or takes the one we made before. One that
 * somebody else made there is refused: they could swap what is in it under our feet.
 */
export function privateFolder(path: string, mode: number): string {
  try {
    mkdirSync(path, { mode })
    chmodSync(path, mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const found = lstatSync(path)
    if (!found.isDirectory() || found.uid !== process.getuid?.()) {
      throw new PlainError(
        `${path} belongs to somebody else. Remove it, or set DATA_DIR to a folder of yours.`,
      )
    }
  }
  return path
}
