import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { openVault } from '../../../src/engine/vault/vault.ts'
import { bundledProgram } from '../processes/bundled-program.ts'
import { setRecoveryKeyOf, testRecovery, type TestRecovery } from './recovery.ts'
import { certificateRow } from './vault-rows.ts'
import { keyOf } from './vault-workload.ts'

/** Different sizes, so that pages of one vault do not fit the other. */
const contents = { small: 3, large: 60 }

/**
 * Kills a process that restores two backups in turn over the vault of `folder`, each time at a
 * random one of the moments at which it changes a file. The vault must be one of the two, whole;
 * how often it was which is the answer.
 */
export async function killRestores(folder: string, kills: number): Promise<Record<string, number>> {
  const recovery = await testRecovery()
  const program = await bundledProgram('vault/restore-process.ts')
  const archives = [
    await makeArchive(folder, 'small', recovery),
    await makeArchive(folder, 'large', recovery),
  ]
  const home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  const seen: Record<string, number> = { small: 0, large: 0, empty: 0 }
  for (let kill = 0; kill < kills; kill += 1) {
    await restoreAndKill(program, home, [recovery.recoveryKey, ...archives])
    const name = await contentOf(home)
    seen[name] = (seen[name] ?? 0) + 1
    // The vault is empty only before the first restore.
    if (name === 'empty' && (seen['small'] || seen['large'])) throw new Error('The vault is gone.')
  }
  return seen
}

async function makeArchive(
  folder: string,
  name: keyof typeof contents,
  recovery: TestRecovery,
): Promise<string> {
  const home = join(folder, name)
  const vault = await openVault({
    folder: home,
    clock: () => new Date(),
    protectors: [keyFileProtector(home)],
  })
  vault.change(() => {
    for (let index = 0; index < contents[name]; index += 1) {
      const row = certificateRow({ id: `${name}-${index}` })
      vault.certificates.insert(row)
      vault.keys.sealKey(row.id, row.spkiSha256, keyOf(row.id))
    }
  })
  setRecoveryKeyOf(vault, recovery)
  const path = join(folder, `${name}.backup`)
  writeFileSync(path, await vault.backup(Buffer.from('passphrase')))
  vault.close()
  return path
}

/** Kills while files are written: a restore spends a second on its passphrase and only a moment on files. */
async function restoreAndKill(program: string, home: string, keyAndArchives: string[]): Promise<void> {
  const child = spawn(process.execPath, [program, home, ...keyAndArchives], { stdio: 'inherit' })
  let touchesLeft = randomInt(1, 40)
  const watcher = watch(home, () => {
    touchesLeft -= 1
    if (touchesLeft === 0) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  watcher.close()
  if (child.signalCode !== 'SIGKILL') throw new Error('The restore ended by itself.')
}

async function contentOf(home: string): Promise<string> {
  const vault = await openVault({
    folder: home,
    clock: () => new Date(),
    protectors: [keyFileProtector(home)],
  })
  try {
    const ids = vault.certificates.list().map((row) => row.id)
    const name = ids[0]?.split('-')[0] ?? 'empty'
    const isWhole = name === 'empty' || ids.length === contents[name as keyof typeof contents]
    const opens = ids.every((id) => vault.keys.withKey(id, (key) => key.equals(keyOf(id))))
    if (isWhole && opens && vault.audit.verify().ok) return name
    throw new Error(`The vault is half ${name}: ${ids.length} certificates.`)
  } finally {
    vault.close()
  }
}
