import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'

/** Above this load by other processes, figures are not worth recording. */
const busyShare = 0.1

/** Total processor time of the machine, in seconds. Linux, `/proc/stat`. */
function processorTime(): { busy: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n')
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number)
  const all = ticks.reduce((sum, each) => sum + each, 0)
  const [, , , idle = 0, waiting = 0] = ticks
  return { busy: all - idle - waiting, all }
}

/** Processor load before the bench, from 0 to 1. */
export async function busyBeforehand(seconds = 5): Promise<number> {
  const before = processorTime()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const after = processorTime()
  return (after.busy - before.busy) / (after.all - before.all)
}

export function isQuiet(share: number): boolean {
  return share <= busyShare
}

/** Footnote of every table. */
export function machineLine(share: number): string {
  const load = loadavg().map((each) => each.toFixed(1))
  return `${availableParallelism()} processors, ${Math.round(share * 100)} % busy before it began; load ${load.join(' ')} at its end.`
}
