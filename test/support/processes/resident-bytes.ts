import { collectGarbage } from './collect-garbage.ts'

/** Memory of this process in bytes, after a collection of garbage. */
export function residentBytes(): number {
  collectGarbage()
  return process.memoryUsage.rss()
}
