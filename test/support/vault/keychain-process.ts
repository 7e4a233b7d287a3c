import { EdgekeepError } from '../../../src/contract/errors/registry.ts'
import { openVault } from '../../../src/engine/vault/vault.ts'
import { certificateRow } from './vault-rows.ts'
import { keyOf } from './vault-workload.ts'

/** Opens a vault as the product does; prints its protection, and if a key in it opens. */
const folder = process.argv[2]
if (!folder) throw new Error('Give a folder.')

try {
  const vault = await openVault({ folder, clock: () => new Date() })
  if (!vault.certificates.get('c1')) {
    const row = certificateRow({ id: 'c1' })
    vault.certificates.insert(row)
    vault.keys.sealKey('c1', row.spkiSha256, keyOf('c1'))
  }
  const kept = vault.keys.withKey('c1', (key) => key.equals(keyOf('c1')))
  const protectors = await vault.custody.protectors()
  console.log(JSON.stringify({ ...vault.protection, kept, protectors }))
  vault.close()
} catch (error) {
  if (!(error instanceof EdgekeepError)) throw error
  console.log(JSON.stringify({ error: error.code, message: error.message }))
}
