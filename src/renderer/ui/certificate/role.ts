import type { CertificateFacts } from '../../../contract/inspect/certificate-facts.ts'

export type Role = 'root' | 'authority' | 'leaf' | 'selfSigned'

/** Role of a certificate; `root` and `selfSigned` are signed by their own key. */
export function roleOf(facts: CertificateFacts): Role {
  if (facts.isCa) return facts.isSelfSigned ? 'root' : 'authority'
  return facts.isSelfSigned ? 'selfSigned' : 'leaf'
}
