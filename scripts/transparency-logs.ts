import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLogList } from '../src/pki/transparency/log-list.ts'

/**
 * Replaces the shipped list of transparency logs by Chrome's, reduced to what is read:
 * `node scripts/transparency-logs.ts log_list.json`.
 */
const [given] = process.argv.slice(2)
if (!given) throw new Error('Give the log_list.json (version 3) of Chrome.')
const text = readFileSync(given, 'utf8')
const { byId } = readLogList(text)
const listFields = ['version', 'log_list_timestamp', 'operators', 'name', 'logs', 'tiled_logs']
const logFields = [
  'description',
  'log_id',
  'key',
  'state',
  'temporal_interval',
  'start_inclusive',
  'end_exclusive',
]
const states = ['pending', 'qualified', 'usable', 'readonly', 'retired', 'rejected', 'timestamp']
const target = join(import.meta.dirname, '../src/pki/transparency/log-list.json')
writeFileSync(target, `${JSON.stringify(JSON.parse(text), [...listFields, ...logFields, ...states])}\n`)
console.log(`${byId.size} logs`)
