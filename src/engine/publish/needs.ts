import type { Target } from '../../contract/targets/targets.ts'
import type { KeyedMutex } from '../../domain/mutex.ts'
import type { HttpsNeeds } from '../https/needs.ts'

export interface PublishNeeds extends HttpsNeeds {
  /** Runs publications and changes of targets by turns of their servers: a slow one holds up its own alone. */
  publishing: KeyedMutex
  /** Publications that run or wait, by their cancellation. */
  publications: Map<AbortController, { target: string; done: Promise<unknown> }>
  /** Runs ACME orders for servers one after the other. */
  ordering: <T>(act: () => Promise<T>) => Promise<T>
}

/** Keys of a target's turns. */
export function turnsOf({ name, servers }: Pick<Target, 'name' | 'servers'>): string[] {
  return [name, ...servers.map(({ address }) => address)]
}
