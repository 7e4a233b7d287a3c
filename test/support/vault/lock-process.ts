import { once } from 'node:events'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { openVault } from '../../../src/engine/vault/vault.ts'
import { certificateRow } from './vault-rows.ts'
import { keyOf } from './vault-workload.ts'

/** Uses the keys of a vault, then locks it on command, for a test that searches its memory. */
const folder = process.argv[2]
if (!folder) throw new Error('Give a folder.')

const vault = await openVault({ folder, clock: () => new Date(), protectors: [keyFileProtector(folder)] })
for (let count = 0; count < 20; count += 1) {
  const row = certificateRow()
  vault.change(() => {
    vault.certificates.insert(row)
    vault.keys.sealKey(row.id, row.spkiSha256, keyOf(row.id))
    vault.audit.append({ actor: 'engine', action: 'add', subject: row.id, before: null, after: null })
  })
  vault.keys.withKey(row.id, (key) => key.length)
}
console.log('open')
await once(process.stdin, 'data')
vault.lock('engine', 'it was locked')
console.log('locked')
await once(process.stdin, 'end')
