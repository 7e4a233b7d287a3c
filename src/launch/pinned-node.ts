import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { EdgekeepError } from '../contract/errors.ts'

/**
 * The Node that the product ships with and the engine runs on, whatever runs this code: Electron's own
 * links BoringSSL, the system's may be of any age. Throws `install.incomplete`.
 */
export function pinnedNode(root: string): string {
  const path = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(path)) {
    throw new EdgekeepError('install.incomplete', { part: 'the Node runtime that comes with it' })
  }
  return path
}
