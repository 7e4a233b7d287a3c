import { EdgekeepError } from '../contract/errors/registry.ts'
import { lookForInstallation, type Installation } from './installed-at.ts'

export type { Installation } from './installed-at.ts'

/**
 * Finds the installation of this code.
 *
 * @throws `install.incomplete`
 */
export function findInstallation(from?: string): Installation {
  const found = lookForInstallation(from)
  if (!found) throw new EdgekeepError('install.incomplete', { part: 'package.json' })
  return found
}
