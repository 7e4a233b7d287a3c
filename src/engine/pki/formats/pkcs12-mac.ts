import { createSecureContext } from 'node:tls'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Pbkdf2Parameters, TwoStepParameters } from './password-schemas.ts'
import { DigestInfo, type MacData } from './pkcs12-schemas.ts'
import type { WorkBudget } from '../work-budget.ts'

const idPbmac1 = '1.2.840.113549.1.5.14'
/** A round of PKCS#12's own derivation in OpenSSL is one hash, where PBKDF2's are two. */
const costOfRound = 0.5

/**
 * Whether the archive's MAC is made with this passphrase (RFC 7292, section 4; RFC 9579). OpenSSL
 * checks it: Node does not offer the derivation it takes, and Firefox asks for 600,000 rounds of
 * it, which in script is two seconds. OpenSSL also opens every entry while it is at it, so this
 * comes after they were opened here, within the budget.
 * @throws TooCostly
 */
export function macHolds(der: Uint8Array, mac: MacData, passphrase: string, budget: WorkBudget): boolean {
  budget.spend(roundsOf(mac), costOfRound)
  try {
    createSecureContext({ pfx: Buffer.from(der), passphrase, ca: [] })
    return true
  } catch (error) {
    // Whatever else OpenSSL dislikes (no key, RC2, a small key), it checks the MAC first.
    return !(error instanceof Error && error.message === 'mac verify failure')
  }
}

function roundsOf({ mac, iterations }: MacData): number {
  const { algorithm, parameters } = AsnConvert.parse(mac, DigestInfo).digestAlgorithm
  if (algorithm !== idPbmac1 || !parameters) return Number(iterations)
  const { derivation } = AsnConvert.parse(parameters, TwoStepParameters)
  return Number(
    AsnConvert.parse(derivation.parameters ?? new ArrayBuffer(0), Pbkdf2Parameters).iterationCount,
  )
}
