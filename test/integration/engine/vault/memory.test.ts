import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { auditKeyBinding } from '../../../../src/engine/vault/audit.ts'
import { dataKeyBinding } from '../../../../src/engine/vault/data-key.ts'
import { unseal } from '../../../../src/engine/vault/seal.ts'
import { bundledProgram } from '../../../support/processes/bundled-program.ts'
import { timesInMemory } from '../../../support/processes/process-memory.ts'
import { temporaryHome } from '../../../support/vault/vault.ts'
import { linuxOnly } from '../../../support/needs.ts'

const program = await bundledProgram('vault/lock-process.ts')

/** Derives the keys as anyone with the key file can. */
function keysOf(folder: string): { wrappingKey: Buffer; dataKey: Buffer; auditKey: Buffer } {
  const keyFile = readdirSync(folder).find((name) => name.endsWith('.key'))!
  const wrappingKey = readFileSync(join(folder, keyFile))
  const database = new Database(join(folder, 'vault.db'), { readonly: true })
  const read = (statement: string) => database.prepare(statement).pluck().get()
  const vaultId = read('SELECT vault_id FROM vault') as string
  const wrapped = read('SELECT wrapped_data_key FROM protection') as Buffer
  const sealed = read('SELECT sealed_key FROM audit_seal') as Buffer
  database.close()
  const dataKey = unseal(wrappingKey, wrapped, dataKeyBinding(vaultId)).bytes
  return { wrappingKey, dataKey, auditKey: unseal(dataKey, sealed, auditKeyBinding).bytes }
}

test('a locked vault has no key in the memory of its process', linuxOnly, async () => {
  const folder = temporaryHome()
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const pid = child.pid ?? 0
  try {
    await once(child.stdout, 'data')
    const { wrappingKey, dataKey, auditKey } = keysOf(folder)
    const whole = new Map(Object.entries({ wrappingKey, dataKey, auditKey }))
    expect(Object.keys(timesInMemory(pid, whole)).toSorted()).toEqual(['auditKey', 'dataKey'])
    child.stdin.write('lock\n')
    await once(child.stdout, 'data')
    // AES begins its key schedule with the key, so half of one would be a trace too.
    const halves = [dataKey, auditKey].flatMap((key) => [key.subarray(0, 16), key.subarray(16)])
    const byName = new Map(halves.map((half, index) => [`half ${index}`, half]))
    expect(timesInMemory(pid, byName)).toEqual({})
  } finally {
    child.stdin.end()
    await once(child, 'exit')
  }
})
