import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { faultsOf, floodAcme } from '../support/acme/flood.ts'

/**
 * Hostile clients of the ACME server for ten minutes: `npm run conformance -- acme-flood [--seconds 600 --connections 250]`. One
 * JSON object; ends with 1 where another client or the engine was harmed. Linux.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    connections: { type: 'string', default: '250' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-flood-'))
const { seconds, connections } = values
const report = await floodAcme(folder, { seconds: Number(seconds), connections: Number(connections) })
rmSync(folder, { recursive: true, force: true })
const faults = faultsOf(report)
console.log(JSON.stringify({ ...report, faults }, null, 2))
if (faults.length > 0) process.exitCode = 1
