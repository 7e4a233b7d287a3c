import { randomUUID } from 'node:crypto'
import type { TrustAction, TrustPlan } from '../../contract/trust/trust.ts'
import { planOf, type Change } from './changes.ts'

/** Pending plans: applying one does exactly what was shown, whatever has changed since. */
export interface Plans {
  /** Stores the changes of a plan. */
  show(action: TrustAction, changes: Change[]): TrustPlan
  /** Returns the changes of a plan once; undefined for an unknown or expired one. */
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
