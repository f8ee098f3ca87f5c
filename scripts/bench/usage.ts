import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

/** CPU seconds that a process has used; with its children, living and ended, for servers that fork. NaN off Linux. */
export function cpuSecondsOf(pid: number, withChildren = false): number {
  const own = fieldsOf(pid)
  if (own === null) return Number.NaN
  let ticks = own.userTicks + own.systemTicks
  if (!withChildren) return ticks / TICKS_PER_SECOND
  ticks += own.childTicks
  for (const entry of readdirSync('/proc')) {
    const fields = /^\d+$/.test(entry) ? fieldsOf(Number(entry)) : null
    if (fields?.parent === pid) ticks += fields.userTicks + fields.systemTicks
  }
  return ticks / TICKS_PER_SECOND
}

/** Resident memory of a process in MB; NaN off Linux. */
export function residentMb(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return (pages * PAGE_BYTES) / 1024 / 1024
  } catch {
    return Number.NaN
  }
}

type Fields = {
  parent: number
  userTicks: number
  systemTicks: number
  childTicks: number
}

function fieldsOf(pid: number): Fields | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    const at = (index: number) => Number(fields[index])
    return { parent: at(1), userTicks: at(11), systemTicks: at(12), childTicks: at(13) + at(14) }
  } catch {
    return null
  }
}
