import { isValidNow } from '../../domain/validity.ts'
import { nameChanges } from '../../domain/covered-names.ts'
import { strengthChange } from '../../pki/comparison/strength.ts'
import { certificateFacts } from '../../pki/facts/certificate.ts'
import { nameTitle } from '../../pki/x509/distinguished-name.ts'
import { certificateOf, type Certificate } from '../../pki/x509/certificate.ts'

const organization = '2.5.4.10'

/**
 * Reasons why the chain `after` (DER, leaf first) is worse than `before`, each a phrase; empty if it may
 * replace it without a decision. The end of a certificate that is not valid at `at` is not compared.
 */
export function replacementObjections(
  before: readonly Uint8Array[],
  after: readonly Uint8Array[],
  at: Date,
): string[] {
  const [old, fresh] = [leafOf(before), leafOf(after)]
  const [oldFacts, freshFacts] = [certificateFacts(old.der), certificateFacts(fresh.der)]
  const reasons: string[] = []
  const { lost } = nameChanges(oldFacts.names, freshFacts.names)
  if (lost.length > 0) reasons.push(`it no longer covers ${lost.join(', ')}`)
  const strength = strengthChange(oldFacts, freshFacts)
  if (strength.change === 'weaker') reasons.push(strength.sentence.replace(/^It/, 'it').replace(/\.$/, ''))
  const [was, is] = [authorityOf(before), authorityOf(after)]
  if (was !== is) reasons.push(`another authority issued it: ${is} instead of ${was}`)
  if (before.length > 1 && after.length === 1)
    reasons.push('it came without the intermediates that clients need')
  if (isValidNow(oldFacts, at) && fresh.notAfter < old.notAfter)
    reasons.push(`it ends earlier, on ${freshFacts.notAfter.slice(0, 10)}`)
  return reasons
}

/** The organization that issued the leaf, or else the name at the top of its chain: intermediates change. */
function authorityOf(chain: readonly Uint8Array[]): string {
  const leaf = leafOf(chain)
  const named = leaf.issuer.rdns.flat().find(({ oid }) => oid === organization)
  return named?.text ?? nameTitle(certificateOf(chain.at(-1) ?? leaf.der).issuer)
}

function leafOf([der]: readonly Uint8Array[]): Certificate {
  if (!der) throw new TypeError('A chain has at least its leaf')
  return certificateOf(der)
}
