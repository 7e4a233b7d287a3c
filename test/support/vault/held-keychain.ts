import { randomBytes } from 'node:crypto'
import { ProtectorFailure, type KeyProtector } from '../../../src/engine/vault/key-protector/key-protector.ts'
import { SecretBytes } from '../../../src/domain/secret-bytes.ts'

/** Working keychain in memory; fails while `state.failing` is set. */
export function heldKeychain() {
  const held = new Map<string, Buffer>()
  const state = { failing: false }
  const refuseWhileFailing = (): void => {
    if (state.failing) throw new ProtectorFailure('the keychain of this machine does not answer')
  }
  const recover = async (keyName: string): Promise<SecretBytes> => {
    refuseWhileFailing()
    const key = held.get(keyName)
    if (!key) throw new ProtectorFailure('the keychain of this user has no key for this vault')
    return new SecretBytes(Buffer.from(key))
  }
  const protector: KeyProtector = {
    kind: 'os-keychain',
    weak: false,
    reason: 'The key of the vault is kept in the keychain of this user account.',
    whyNot: async () => (state.failing ? 'the keychain of this machine does not answer' : null),
    recover,
    establish: async (keyName) => {
      refuseWhileFailing()
      held.set(keyName, randomBytes(32))
      return recover(keyName)
    },
    forget: async (keyName) => {
      refuseWhileFailing()
      held.delete(keyName)
    },
  }
  return { protector, held, state }
}
