import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faultsMissing, injectFaults } from '../support/vault/vault-faults.ts'

/**
 * The long run of the vault's faults: `npm run conformance -- vault-faults [NAME…]`. In every operation each system call fails
 * once, undone and done, is the last before a kill, and each call of a keychain fails.
 */
if (faultsMissing) throw new Error(`Faults cannot be injected here: ${faultsMissing}.`)
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-faults-'))
try {
  const reports = await injectFaults(folder, 'fdsk', process.argv.slice(2))
  for (const report of reports) console.log(JSON.stringify(report))
  if (reports.some(({ violations }) => violations.length > 0)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
