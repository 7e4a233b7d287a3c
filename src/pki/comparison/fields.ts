import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { Comparison } from '../../contract/inspect/comparison.ts'
import { formatKey } from '../facts/public-key.ts'

type Change = Comparison['changes'][number]

export function fieldChanges(before: CertificateFacts, after: CertificateFacts): Change[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)]
  const names = new Set([...old.keys(), ...fresh.keys()])
  return [...names].flatMap((field) => {
    const change = { field, before: old.get(field) ?? null, after: fresh.get(field) ?? null }
    return change.before === change.after ? [] : [change]
  })
}

function fieldsOf(facts: CertificateFacts): Map<string, string> {
  return new Map([
    ['Version', String(facts.version)],
    ['Serial number', facts.serialHex],
    ['Signature', facts.signatureAlgorithm],
    ['Issuer', facts.issuer],
    ['Valid from', facts.notBefore],
    ['Valid until', facts.notAfter],
    ['Subject', facts.subject],
    ['Key', formatKey(facts.publicKey)],
    ['Public key SHA-256', facts.publicKey.spkiSha256],
    ...facts.extensions.map(({ name, critical, words }): [string, string] => [
      `Extension: ${name}`,
      [...(critical ? ['critical'] : []), ...words].join('\n'),
    ]),
  ])
}
