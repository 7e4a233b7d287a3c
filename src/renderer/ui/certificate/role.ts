import type { CertificateFacts } from '../../../contract/certificate-facts.ts'

export type Role = 'root' | 'authority' | 'leaf' | 'selfSigned'

/** What part a certificate plays: `root` and `selfSigned` are signed by their own key. */
export function roleOf(facts: CertificateFacts): Role {
  if (facts.isCa) return facts.isSelfSigned ? 'root' : 'authority'
  return facts.isSelfSigned ? 'selfSigned' : 'leaf'
}
