import type { IssuingNeeds } from '../local-authority/needs.ts'

export interface PublishNeeds extends IssuingNeeds {
  /** Runs one publication after the other. */
  publishing: <T>(act: () => Promise<T>) => Promise<T>
}
