import type { LintScope } from '../../contract/inspect/lint.ts'
import { type OutlineExtension, readExtensionList } from '../facts/certificate-outline.ts'
import { readCertificate, type ReadCertificate } from '../facts/certificate.ts'
import {
  type DerElement,
  type DerReader,
  explicitTag,
  implicitTag,
  inside,
  readOne,
  tags,
} from '../asn1/der.ts'
import { type Algorithm, readAlgorithm } from '../x509/algorithms.ts'
import { parseCached, type ParsedCertificate } from '../x509/parsed-certificate.ts'

export interface LintSubject {
  role: 'leaf' | 'intermediate' | 'root'
  scope: LintScope
  facts: ReadCertificate['facts']
  parsed: ParsedCertificate
  /** In order, duplicates included. */
  extensions: OutlineExtension[]
  outerAlgorithm: Algorithm
  notBefore: DerElement
  notAfter: DerElement
  hasUniqueIdentifier: boolean
  /** Both ends included (RFC 5280, section 4.1.2.5). */
  lifetimeSeconds: number
  extension(oid: string): OutlineExtension | undefined
}

/** @throws DerError if the outer structure is malformed */
export function lintSubject(der: Uint8Array): Omit<LintSubject, 'role' | 'scope'> {
  const { facts } = readCertificate(der)
  const parsed = parseCached(der)
  const outer = inside(readOne(parsed.der, tags.sequence))
  const tbs = inside(outer.next(tags.sequence))
  const outerAlgorithm = readAlgorithm(outer.next(tags.sequence))
  const { validity, hasUniqueIdentifier, extensions } = readFrame(tbs)
  const period = inside(validity)
  return {
    facts,
    parsed,
    outerAlgorithm,
    notBefore: period.next(),
    notAfter: period.next(),
    hasUniqueIdentifier,
    extensions,
    lifetimeSeconds: (parsed.notAfter - parsed.notBefore) / 1000 + 1,
    extension: (oid) => extensions.find((found) => found.oid === oid),
  }
}

function readFrame(tbs: DerReader) {
  tbs.optional(explicitTag(0))
  for (const tag of [tags.integer, tags.sequence, tags.sequence]) tbs.next(tag)
  const validity = tbs.next(tags.sequence)
  tbs.next(tags.sequence)
  tbs.next(tags.sequence)
  const identifiers = [tbs.optional(implicitTag(1)), tbs.optional(implicitTag(2))]
  const field = tbs.optional(explicitTag(3))
  return {
    validity,
    hasUniqueIdentifier: identifiers.some((identifier) => identifier !== undefined),
    extensions: field ? readExtensionList(readOne(field.content, tags.sequence)) : [],
  }
}
