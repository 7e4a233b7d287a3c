import { readdirSync, readFileSync } from 'node:fs'

/** Resources of a process; Linux. */
export interface Holding {
  descriptors: number
  mebibytes: number
  /** The most that it has held since it started. */
  mostMebibytes: number
}

export function holdingOf(pid: number): Holding {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const mebibytes = (field: string): number =>
    Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    mebibytes: mebibytes('VmRSS'),
    mostMebibytes: mebibytes('VmHWM'),
  }
}

/** Counts this machine's established TCP connections by local port; Linux. */
export function openConnections(port: number): number {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const established = '01'
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'latin1').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === established && local?.endsWith(wanted)).length
}
