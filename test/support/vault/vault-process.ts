import { openSync, writeSync } from 'node:fs'
import { EdgekeepError } from '../../../src/contract/errors/registry.ts'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { openVault, type Vault } from '../../../src/engine/vault/vault.ts'
import { exampleOrigin } from './vault-rows.ts'
import { modelOf, nextAct, perform } from './vault-workload.ts'

/**
 * Process around a vault, for tests that kill it: `vault-process.ts hold FOLDER` keeps it open,
 * `vault-process.ts work FOLDER JOURNAL` changes it without end. The journal gets a line before each change
 * and one after its acknowledgement, written synchronously, so a kill loses none.
 */
const [, , task, folder, journal] = process.argv
if (!folder) throw new Error('Give a task and a folder.')

console.log(JSON.stringify({ opening: true }))
try {
  const vault = await openVault({ folder, clock: () => new Date(), protectors: [keyFileProtector(folder)] })
  if (task === 'hold') vault.domains.insert({ name: 'held.test', origin: exampleOrigin })
  console.log(JSON.stringify({ open: true }))
  setInterval(() => vault.configurationVersion(), 1000)
  if (task === 'work' && journal) await work(vault, openSync(journal, 'a'))
} catch (error) {
  if (!(error instanceof EdgekeepError)) throw error
  console.log(JSON.stringify({ error: error.code }))
}

async function work(vault: Vault, handle: number): Promise<never> {
  for (;;) {
    const act = nextAct(modelOf(vault))
    writeSync(handle, `${JSON.stringify(act)}\n`)
    await perform(vault, act)
    writeSync(handle, '"done"\n')
  }
}
