import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Vault } from '../../../../src/engine/vault/vault.ts'
import { bundledProgram } from '../../../support/processes/bundled-program.ts'
import { deriveCheaply } from '../../../support/vault/derive-cheaply.ts'
import { moves } from '../../../support/vault/moves.ts'
import { addCertificate, openTestVault, temporaryHome } from '../../../support/vault/vault.ts'
import { keyOf } from '../../../support/vault/vault-workload.ts'

deriveCheaply()

const program = await bundledProgram('vault/moving-process.ts')

/** Kills at a change of a file, since most of the time goes into key derivation. */
async function moveAndKill(folder: string): Promise<void> {
  const child = spawn(process.execPath, [program, folder], { stdio: 'inherit' })
  let touchesLeft = randomInt(10, 60)
  const watcher = watch(folder, () => {
    touchesLeft -= 1
    if (touchesLeft === 0) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  watcher.close()
  if (child.signalCode !== 'SIGKILL') throw new Error('The moves ended by themselves.')
}

/** Tries each passphrase until one unlocks the vault. */
async function unlock(vault: Vault): Promise<void> {
  for (const { passphrase } of moves) {
    if (passphrase && vault.protection.locked)
      await vault.unlock('window', Buffer.from(passphrase)).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'vault.wrong_passphrase' })
      })
  }
}

test('a vault killed on its way between protectors opens with one of them, whole', async () => {
  const folder = temporaryHome()
  const first = await openTestVault(folder)
  for (const id of ['c1', 'c2', 'c3']) addCertificate(first, keyOf(id), { id })
  first.close()
  for (let kill = 0; kill < 6; kill += 1) {
    await moveAndKill(folder)
    const vault = await openTestVault(folder)
    await unlock(vault)
    expect(vault.protection).toMatchObject({ locked: false })
    for (const id of ['c1', 'c2', 'c3'])
      expect(vault.keys.withKey(id, (key) => key.equals(keyOf(id)))).toBe(true)
    expect(vault.audit.verify()).toMatchObject({ ok: true })
    const { protector } = vault.protection
    vault.close()
    expect(wrappingKeysOf(folder)).toEqual({ 'key-file': 0, passphrase: 0, [protector]: 1 })
  }
}, 120_000)

/** Counts the wrapping keys and derivations left in the folder. */
function wrappingKeysOf(folder: string): Record<string, number> {
  const database = new Database(join(folder, 'vault.db'), { readonly: true })
  const derivations = database.prepare('SELECT count(*) FROM derivations').pluck().get() as number
  database.close()
  return {
    'key-file': readdirSync(folder).filter((name) => name.includes('.key')).length,
    passphrase: derivations,
  }
}
