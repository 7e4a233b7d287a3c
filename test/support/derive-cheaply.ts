import { afterAll, beforeAll } from 'vitest'
import { cheapen, costAsShipped } from './cheap-derivation.ts'

/** For the tests of the file that calls it: see `cheapen`. Other files that this process runs have the full cost. */
export function deriveCheaply(): void {
  beforeAll(cheapen)
  afterAll(costAsShipped)
}
