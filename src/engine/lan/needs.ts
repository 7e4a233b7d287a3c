import type { Core } from '../core/core.ts'

export interface LanNeeds extends Core {
  /** Domains that other devices reach, by address of this computer. In memory, so that access ends with the engine. */
  published: Map<string, Set<string>>
  /** Script of the command line; null where this engine does not serve. */
  commandEntry: string | null
}
