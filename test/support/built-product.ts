import { join } from 'node:path'
import { setUp } from '../../scripts/setup.mjs'

/** Before the first test of a project: what its processes run is built of the present sources. */
export function setup(): void {
  setUp(join(import.meta.dirname, '../..'))
}
