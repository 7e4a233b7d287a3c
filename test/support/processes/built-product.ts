import { join } from 'node:path'
import { setUp } from '../../../scripts/setup.mjs'

/**
 * Builds the product from the present sources before the first test of a project. With `EDGEKEEP_FROM_SOURCE=1`
 * nothing is built, and the workers of tests run from the sources.
 */
export function setup(): void {
  if (process.env['EDGEKEEP_FROM_SOURCE'] === '1') return
  setUp(join(import.meta.dirname, '../../..'))
}
