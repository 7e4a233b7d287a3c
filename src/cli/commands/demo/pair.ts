import { localSuffixes } from '../../../domain/authority-scope.ts'
import type { SecretBytes } from '../../../domain/secret-bytes.ts'
import { asIssuer, createIntermediate, createRoot } from '../../../pki/issue/authority-certificates.ts'
import { certificateFacts, chainFromPem } from '../../../pki/facts/certificate.ts'
import { issueLeaf } from '../../../pki/issue/issue.ts'

export interface Pair {
  chainPem: string
  keyPem: SecretBytes
  fingerprint: string
}

export interface DemoAuthority {
  pem: string
  der: Uint8Array
  issue(host: string): Promise<Pair>
}

/** A CA for the demo, in place of the person's CA. */
export async function createDemoAuthority(): Promise<DemoAuthority> {
  const at = new Date()
  const made = { at, host: 'demo', generation: 1 }
  const authority = await createRoot({ ...made, suffixes: localSuffixes })
  const issuer = await createIntermediate({ ...made, root: asIssuer(authority) })
  const [der] = chainFromPem(authority.certificatePem)
  if (!der) throw new TypeError('An authority has a certificate')
  return {
    pem: authority.certificatePem,
    der,
    async issue(host) {
      const { chainPem, keyPem } = await issueLeaf({ issuer: asIssuer(issuer), names: [host], at })
      const [leaf] = chainFromPem(chainPem)
      return { chainPem, keyPem, fingerprint: leaf ? certificateFacts(leaf).fingerprintSha256 : '' }
    },
  }
}
