import { randomUUID } from 'node:crypto'
import type { TrustAction, TrustPlan } from '../../contract/trust.ts'
import { planOf, type Change } from '../changes/changes.ts'

/** The plans that were shown and not carried out yet: what is done is what was shown, whatever has changed since. */
export interface Plans {
  /** Remembers the changes behind a plan. */
  show(action: TrustAction, changes: Change[]): TrustPlan
  /** The changes of a plan, once; undefined for one that was never shown, or is long forgotten. */
  take(id: string | undefined): Change[] | undefined
}

const most = 16

export function createPlans(): Plans {
  const shown = new Map<string, Change[]>()
  return {
    show(action, changes) {
      const id = randomUUID()
      shown.set(id, changes)
      for (const oldest of [...shown.keys()].slice(0, -most)) shown.delete(oldest)
      return { id, ...planOf(action, changes) }
    },
    take(id = '') {
      const changes = shown.get(id)
      shown.delete(id)
      return changes
    },
  }
}
