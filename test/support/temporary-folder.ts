import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Private folder, deleted with the test. Short path, for Unix sockets in it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'edgekeep-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
