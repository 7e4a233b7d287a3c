import { join } from 'node:path'
import { setUp } from '../../../scripts/setup.mjs'

/** Builds the product from the present sources before the first test of a project. */
export function setup(): void {
  setUp(join(import.meta.dirname, '../../..'))
}
