import { formatLifetime } from '../../domain/validity.ts'
import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { Comparison } from '../../contract/inspect/comparison.ts'
import { nameChanges } from '../../domain/covered-names.ts'
import { readCertificate } from '../facts/certificate.ts'
import { formatKey } from '../facts/public-key.ts'
import { strengthChange } from './strength.ts'
import { summaryOf } from './summary.ts'

export interface Side {
  leaf: Uint8Array
  intermediates: Uint8Array[]
}

/** Compares two certificates; `after` is the replacement of `before`. */
export function compareCertificates(before: Side, after: Side): Comparison {
  const [old, fresh] = [readCertificate(before.leaf).facts, readCertificate(after.leaf).facts]
  const parts: Omit<Comparison, 'summary'> = {
    before: old,
    after: fresh,
    identical: old.fingerprintSha256 === fresh.fingerprintSha256,
    changes: fieldChanges(old, fresh),
    names: nameChanges(old.names, fresh.names),
    key: keyChange(old, fresh),
    strength: strengthChange(old, fresh),
    lifetime: lifetimeChange(old, fresh),
    chain: difference(titlesOf(before), titlesOf(after)),
  }
  return { ...parts, summary: summaryOf(parts) }
}

const titlesOf = ({ intermediates }: Side): string[] =>
  intermediates.map((der) => readCertificate(der).facts.title)

function difference(had: string[], has: string[]): Comparison['chain'] {
  const [before, after] = [new Set(had), new Set(has)]
  return {
    lost: [...before.difference(after)],
    gained: [...after.difference(before)],
    kept: [...before.intersection(after)],
  }
}

function keyChange(before: CertificateFacts, after: CertificateFacts): Comparison['key'] {
  const reused = before.publicKey.spkiSha256 === after.publicKey.spkiSha256
  return {
    reused,
    sentence: reused
      ? 'Both have the same key: whoever has the old private key can use the new certificate.'
      : 'The key is a new one; the private key of the old certificate does not go with the new one.',
  }
}

function lifetimeChange(before: CertificateFacts, after: CertificateFacts): Comparison['lifetime'] {
  const [beforeDays, afterDays] = [before.lifetimeDays, after.lifetimeDays]
  const days = Math.round((Date.parse(after.notAfter) - Date.parse(before.notAfter)) / 86_400_000)
  const ends =
    days === 0
      ? 'ends on the same day'
      : `ends ${Math.abs(days)} day${Math.abs(days) === 1 ? '' : 's'} ${days > 0 ? 'later' : 'earlier'}`
  const [old, fresh] = [before, after].map(({ notBefore, notAfter }) =>
    formatLifetime(Date.parse(notBefore), Date.parse(notAfter)),
  )
  const lasts = old === fresh ? `also lasts ${fresh}` : `lasts ${fresh} instead of ${old}`
  return { beforeDays, afterDays, sentence: `The new one ${lasts} and ${ends}.` }
}

type Change = Comparison['changes'][number]

function fieldChanges(before: CertificateFacts, after: CertificateFacts): Change[] {
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
