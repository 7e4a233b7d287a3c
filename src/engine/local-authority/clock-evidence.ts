import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileEvidence } from './clock-check.ts'

/** The build's time; the bundler defines it, and sources that run unbuilt have none. */
declare const __builtAt__: string | undefined

export function fileEvidence(folder: string): FileEvidence {
  const stats = statSync(join(folder, 'vault.db'), { throwIfNoEntry: false })
  return {
    build: typeof __builtAt__ === 'undefined' ? null : new Date(__builtAt__),
    vaultFile: stats ? stats.mtime : null,
  }
}
