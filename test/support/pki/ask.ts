import type { Verification } from '../../../src/contract/inspect/certificate-facts.ts'
import { verifyCertificate, type VerificationQuery } from '../../../src/pki/verify/verify.ts'
import { moment, type MadeCertificate } from './certificate-maker.ts'

interface Asked extends Partial<Omit<VerificationQuery, 'leaf' | 'intermediates' | 'anchors'>> {
  leaf: MadeCertificate
  intermediates?: MadeCertificate[]
  anchors?: MadeCertificate[]
}

/** Verifies made certificates, by default at the moment of their making. */
export function ask({ leaf, intermediates = [], anchors = [], ...rest }: Asked): Verification {
  return verifyCertificate({
    leaf: leaf.der,
    intermediates: intermediates.map((certificate) => certificate.der),
    anchors: [{ name: 'the given roots', certificates: anchors.map((certificate) => certificate.der) }],
    at: moment,
    ...rest,
  })
}

/** The codes of the answers that are no. */
export function noes({ answers }: Verification): string[] {
  const all = [answers.validity, answers.authority, answers.signature, answers.name]
  return all.flatMap((answer) => (answer && !answer.ok ? [answer.code] : []))
}
