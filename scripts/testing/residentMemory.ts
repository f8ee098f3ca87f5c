import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Whether this system tells how much memory a process has, and had at most (Linux). */
export const canMeasure = existsSync('/proc/self/clear_refs')

/** The most memory that a process had, in bytes, since {@link forgetPeak}. */
export function peakMemory(pid: number): number {
  return readKilobytes(pid, 'VmHWM') * 1024
}

export function residentMemory(pid: number): number {
  return readKilobytes(pid, 'VmRSS') * 1024
}

/** The system measures the peak anew from now on. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function readKilobytes(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN)
}
