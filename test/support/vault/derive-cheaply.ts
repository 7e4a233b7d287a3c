import { afterAll, beforeAll } from 'vitest'
import { cheapen, costAsShipped } from './cheap-derivation.ts'

/** Applies `cheapen` to the tests of the calling file. Other files of this process keep the full cost. */
export function deriveCheaply(): void {
  beforeAll(cheapen)
  afterAll(costAsShipped)
}
