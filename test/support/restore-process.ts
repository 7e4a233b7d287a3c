import { readFileSync } from 'node:fs'
import { restoreVault } from '../../src/engine/vault/backup/restore.ts'
import { keyFileProtector } from '../../src/engine/vault/key-protector/key-file.ts'

/** Restores one archive after the other without end, for tests that kill it: `restore-process.ts FOLDER ARCHIVE…`. */
const [, , folder, ...paths] = process.argv
if (!folder) throw new Error('Give a folder and archives.')

const archives = paths.map((path) => readFileSync(path))
const clock = () => new Date()
for (;;)
  for (const archive of archives) {
    const protectors = [keyFileProtector(folder)]
    const passphrase = Buffer.from('passphrase')
    await restoreVault({ folder, archive, passphrase, clock, actor: 'engine', protectors })
  }
