import { collectGarbage } from './collect-garbage.ts'

/** The memory that this process holds, in bytes, and not what a busy one has let go and not collected yet. */
export function residentBytes(): number {
  collectGarbage()
  return process.memoryUsage.rss()
}
