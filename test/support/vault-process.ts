import { EdgekeepError } from '../../src/contract/errors.ts'
import { keyFileProtector } from '../../src/engine/vault/key-protector/key-file.ts'
import { openVault, type Vault } from '../../src/engine/vault/vault.ts'
import { exampleOrigin } from './vault-rows.ts'

/** A process of its own around a vault, for tests that kill it: `vault-process.ts hold FOLDER`. */
const [, , task, folder] = process.argv
if (!folder) throw new Error('Give a task and a folder.')

const tasks: Record<string, (vault: Vault) => void> = {
  hold: (vault) => vault.domains.insert({ name: 'held.test', origin: exampleOrigin }),
}

try {
  const vault = await openVault({ folder, clock: () => new Date(), protectors: [keyFileProtector(folder)] })
  tasks[task ?? '']?.(vault)
  console.log(JSON.stringify({ open: true }))
  setInterval(() => vault.configurationVersion(), 1000)
} catch (error) {
  if (!(error instanceof EdgekeepError)) throw error
  console.log(JSON.stringify({ error: error.code }))
}
