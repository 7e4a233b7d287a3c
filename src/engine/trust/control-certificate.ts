import { createIntermediate, createRoot, pkcs8Pem } from '../../pki/issue/authority-certificates.ts'
import { newLeafKey } from '../../pki/issue/leaf-keys.ts'
import { readLeafNames } from '../../pki/issue/leaf-names.ts'
import { chainOf, signLeaf } from '../../pki/issue/leaf.ts'

const dayMs = 86_400_000

/** Certificate like a real one, of a temporary authority that no client trusts: the control of a probe. */
export async function createUntrustedCertificate(
  name: string,
  at: Date,
): Promise<{ chainPem: string; keyPem: Buffer }> {
  const root = await createRoot({ at, host: 'nobody', generation: 1, suffixes: ['localhost'] })
  const issuer = await createIntermediate({ root, at, host: 'nobody', generation: 1 })
  const { publicKey, privateKey } = await newLeafKey('p256')
  const wanted = { names: readLeafNames([name]), usage: 'server' as const, publicKey, at, lifeMs: dayMs }
  const chainPem = chainOf(signLeaf(issuer, wanted), issuer)
  for (const { keyPem } of [root, issuer]) keyPem.fill(0)
  return { chainPem, keyPem: pkcs8Pem(privateKey) }
}
