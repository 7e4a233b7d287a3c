import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { posixOnly } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const source = join(import.meta.dirname, '../../../src/engine/edge-record.ts')

test('a record that is a named pipe does not hold the start of the engine', posixOnly, () => {
  const folder = temporaryFolder()
  execFileSync('mkfifo', [join(folder, 'edge.json')])
  const code = `const { openEdgeRecord } = await import(${JSON.stringify(source)})
    console.log(openEdgeRecord(${JSON.stringify(folder)}).predecessor)`
  // In a process of its own, which a read of the pipe would block.
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    timeout: 20_000,
  })
  expect({ signal, stdout: stdout.toString() }).toEqual({ signal: null, stdout: 'null\n' })
})
