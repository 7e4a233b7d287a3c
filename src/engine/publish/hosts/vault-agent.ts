import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import type ssh2 from 'ssh2'
import type { BaseAgent, IdentityCallback, SignCallback, SigningRequestOptions } from 'ssh2'

/** A key of the vault that signs logins by SSH, opened for each signature alone. */
export interface VaultKey {
  /** In the format of SSH. */
  publicKey: Buffer
  /** Lends the private key, PKCS#8 in DER. @throws `vault.locked`, `key.unsealable` */
  withKey: <T>(use: (privateKey: Buffer) => T) => T
}

/** Agent with this key only; the library never has the private half. */
export function vaultAgent({ BaseAgent: Base }: typeof ssh2, { publicKey, withKey }: VaultKey): BaseAgent {
  class VaultAgent extends Base {
    override getIdentities(answer: IdentityCallback): void {
      answer(undefined, [publicKey])
    }

    override sign(
      _key: unknown,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      answer?: SignCallback,
    ): void {
      const { hash } = options as SigningRequestOptions
      const signed = (der: Buffer) => {
        const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
        return sign(hash ?? digestFor(key), data, key)
      }
      try {
        answer?.(undefined, withKey(signed))
      } catch (error) {
        answer?.(error as Error)
      }
    }
  }
  return new VaultAgent()
}

/** Digest of a signature whose algorithm follows from the key (RFC 5656, section 6.2.1); null for Ed25519. */
function digestFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | null {
  if (asymmetricKeyType === 'ed25519') return null
  const curve = asymmetricKeyDetails?.namedCurve
  return curve === 'secp521r1' ? 'sha512' : curve === 'secp384r1' ? 'sha384' : 'sha256'
}
