import type { Asn1Element } from '../../contract/inspect/asn1.ts'
import { visibleText } from '../../contract/text/visible-text.ts'
import { asn1Lines, readAsn1 } from '../asn1/tree.ts'
import * as read from './extension-readers.ts'
import { readSctList } from '../x509/sct-list.ts'

const readers = new Map<string, read.ExtensionReader>(
  Object.entries({
    '2.5.29.14': read.subjectKeyIdentifier,
    '2.5.29.15': read.keyUsage,
    '2.5.29.17': read.names,
    '2.5.29.18': read.names,
    '2.5.29.19': read.basicConstraints,
    '2.5.29.20': read.counter,
    '2.5.29.27': read.counter,
    '2.5.29.28': read.issuingDistributionPoint,
    '2.5.29.30': read.nameConstraints,
    '2.5.29.31': read.distributionPoints,
    '2.5.29.32': read.policies,
    '2.5.29.33': read.policyMappings,
    '2.5.29.35': read.authorityKeyIdentifier,
    '2.5.29.36': read.policyConstraints,
    '2.5.29.37': read.purposesWithOids,
    '2.5.29.46': read.distributionPoints,
    '2.5.29.54': read.inhibitAnyPolicy,
    '1.3.6.1.5.5.7.1.1': read.accessDescriptions,
    '1.3.6.1.5.5.7.1.11': read.accessDescriptions,
    '1.3.6.1.5.5.7.1.24': read.tlsFeatures,
    '1.3.6.1.5.5.7.48.1.5': () => ['its own revocation is not asked about'],
    '1.3.6.1.4.1.11129.2.4.2': (value) =>
      readSctList(value).map((sct) => `log ${sct.logIdHex} at ${sct.at.toISOString()}`),
    '1.3.6.1.4.1.11129.2.4.3': () => ['a precertificate: not to be used as a certificate'],
  }),
)

export interface ExtensionContent {
  words: string[]
  asn1?: Asn1Element[]
}

/** Formats an extension, a line each. Unknown and unreadable ones are dumped. */
export function readExtension(oid: string, value: Uint8Array): ExtensionContent {
  const reader = readers.get(oid)
  if (!reader) return dumped(value)
  try {
    return { words: reader(value).map(visibleText) }
  } catch {
    const { words, ...rest } = dumped(value)
    return { words: ['cannot be read as what it says it is', ...words], ...rest }
  }
}

/** Dumps the value as ASN.1, or as hexadecimal if it is not ASN.1. */
function dumped(value: Uint8Array): ExtensionContent {
  const asn1 = readAsn1(value)
  return asn1 ? { words: asn1Lines(asn1), asn1 } : { words: hexLines(value) }
}

const shownBytes = 512

function hexLines(value: Uint8Array): string[] {
  const hex = Buffer.from(value.subarray(0, shownBytes)).toString('hex')
  const lines = (hex.match(/.{1,32}/g) ?? []).map((line) => line.replace(/..(?=.)/g, '$& '))
  return value.length > shownBytes ? [...lines, `… ${value.length} bytes in all`] : lines
}
