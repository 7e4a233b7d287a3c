import { certificateFacts, chainFromPem } from '../../../engine/pki/certificate.ts'
import { createAuthority, issueLeaf } from '../../../engine/pki/issue.ts'

export interface Pair {
  chainPem: string
  keyPem: Buffer
  fingerprint: string
}

export interface DemoAuthority {
  pem: string
  der: Uint8Array
  issue(host: string): Promise<Pair>
}

/** An authority of the demo's own, standing for whoever issues a person's certificates. */
export async function createDemoAuthority(): Promise<DemoAuthority> {
  const at = new Date()
  const authority = await createAuthority({ at, host: 'demo' })
  const [der] = chainFromPem(authority.certificatePem)
  if (!der) throw new TypeError('An authority has a certificate')
  return {
    pem: authority.certificatePem,
    der,
    async issue(host) {
      const { chainPem, keyPem } = await issueLeaf({ authority, names: [host], at })
      const [leaf] = chainFromPem(chainPem)
      return { chainPem, keyPem, fingerprint: leaf ? certificateFacts(leaf).fingerprintSha256 : '' }
    },
  }
}
