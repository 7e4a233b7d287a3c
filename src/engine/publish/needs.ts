import type { HttpsNeeds } from '../https/needs.ts'

export interface PublishNeeds extends HttpsNeeds {
  /** Runs publications and changes of targets one after the other. */
  publishing: <T>(act: () => Promise<T>) => Promise<T>
  /** Targets of publications that run or wait, by their cancellation. */
  publications: Map<AbortController, string>
  /** Runs ACME orders for servers one after the other. */
  ordering: <T>(act: () => Promise<T>) => Promise<T>
}
