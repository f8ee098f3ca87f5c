import type { OutgoingFiles } from '../sender/outgoingFiles.ts'

/** For senders of messages without files: one with a file would stay in line. */
export const noFiles: OutgoingFiles = {
  graphIdOf: () => Promise.reject(new Error('No message of this test has a file')),
  close: () => Promise.resolve(),
}
