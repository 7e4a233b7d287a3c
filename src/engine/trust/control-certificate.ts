import type { SecretBytes } from '../../domain/secret-bytes.ts'
import { asIssuer, createIntermediate, createRoot, pkcs8Pem } from '../../pki/issue/authority-certificates.ts'
import { newLeafKey } from '../../pki/issue/leaf-keys.ts'
import { readLeafNames } from '../../pki/issue/leaf-names.ts'
import { chainOf, signLeaf } from '../../pki/issue/leaf.ts'

const dayMs = 86_400_000

/** Certificate like a real one, of a temporary authority that no client trusts: the control of a probe. */
export async function createUntrustedCertificate(
  name: string,
  at: Date,
): Promise<{ chainPem: string; keyPem: SecretBytes }> {
  const root = await createRoot({ at, host: 'nobody', generation: 1, suffixes: ['localhost'] })
  using _rootKey = root.keyPem
  const issuer = await createIntermediate({ root: asIssuer(root), at, host: 'nobody', generation: 1 })
  using _issuerKey = issuer.keyPem
  const { publicKey, privateKey } = await newLeafKey('p256')
  const wanted = { names: readLeafNames([name]), usage: 'server' as const, publicKey, at, lifeMs: dayMs }
  const der = signLeaf(asIssuer(issuer), wanted)
  return { chainPem: chainOf(der, issuer), keyPem: pkcs8Pem(privateKey) }
}
