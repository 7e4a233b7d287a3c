import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileEvidence } from './clock-check.ts'

/** Build time, defined by the bundler; undefined when running from sources. */
declare const __builtAt__: string | undefined

export function fileEvidence(folder: string): FileEvidence {
  const stats = statSync(join(folder, 'vault.db'), { throwIfNoEntry: false })
  return {
    build: typeof __builtAt__ === 'undefined' ? null : new Date(__builtAt__),
    vaultFile: stats ? stats.mtime : null,
  }
}
