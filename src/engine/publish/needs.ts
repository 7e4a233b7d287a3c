import type { IssuingNeeds } from '../local-authority/needs.ts'

export interface PublishNeeds extends IssuingNeeds {
  /** Runs publications and changes of targets one after the other. */
  publishing: <T>(act: () => Promise<T>) => Promise<T>
  /** Targets of publications that run or wait, by their cancellation. */
  publications: Map<AbortController, string>
}
