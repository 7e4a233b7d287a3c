import { readFileSync } from 'node:fs'
import { recoveryKeyPair } from '../../../src/domain/recovery-key-pair.ts'
import { parseRecoveryKey } from '../../../src/domain/recovery-key.ts'
import { restoreVault } from '../../../src/engine/vault/backup/restore.ts'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { cheapen } from './cheap-derivation.ts'

cheapen()

/** Restores one archive after the other without end, for tests that kill it: `restore-process.ts FOLDER RECOVERY-KEY ARCHIVE…`. */
const [, , folder, recoveryKey, ...paths] = process.argv
if (!folder || !recoveryKey) throw new Error('Give a folder, a recovery key and archives.')

const archives = paths.map((path) => readFileSync(path))
const clock = () => new Date()
const recovery = await recoveryKeyPair(parseRecoveryKey(recoveryKey))
const secrets = { passphrases: [Buffer.from('passphrase')], recovery }
for (;;)
  for (const archive of archives) {
    const protectors = [keyFileProtector(folder)]
    await restoreVault({ folder, archive, secrets, clock, actor: 'engine', protectors })
  }
