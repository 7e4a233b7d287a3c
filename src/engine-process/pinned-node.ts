import { nodeOf } from '../../bin/pinned-node.mjs'
import { EdgekeepError } from '../contract/errors/registry.ts'

/**
 * Path of the Node that ships with the product and runs the engine, whatever runs this code: Electron's own
 * links BoringSSL, the system's may be of any age. `nodeRoot` is the installation's.
 *
 * @throws `install.incomplete`
 */
export function pinnedNode(nodeRoot: string): string {
  const path = nodeOf(nodeRoot)
  if (path === null) {
    throw new EdgekeepError('install.incomplete', { part: 'the Node runtime that comes with it' })
  }
  return path
}
