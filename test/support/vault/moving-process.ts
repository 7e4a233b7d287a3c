import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { openVault } from '../../../src/engine/vault/vault.ts'
import { cheapen } from './cheap-derivation.ts'
import { moves } from './moves.ts'

cheapen()

/** Moves the vault of a folder from protector to protector without end, for tests that kill it. */
const folder = process.argv[2]
if (!folder) throw new Error('Give a folder.')

const vault = await openVault({ folder, clock: () => new Date(), protectors: [keyFileProtector(folder)] })
if (vault.protection.locked) {
  for (const { passphrase } of moves)
    if (passphrase) await vault.unlock('engine', Buffer.from(passphrase)).catch(() => undefined)
}
for (;;)
  for (const { to, passphrase } of moves)
    await vault.custody.moveTo(to, 'engine', passphrase ? Buffer.from(passphrase) : undefined)
