/** A server that was started here and is ready for use. */
export interface RunningService {
  url: string
  port: number
  pid: number
  /** Settles when the process ends, with how: `SIGKILL`, `code 1`. */
  exited: Promise<string>
  /** Ends it in good order; a signal that fires makes short work of it. */
  stop(hurry?: AbortSignal): Promise<void>
}
