import type { AnchorSet } from './anchor-set.ts'
import { DerError, explicitTag, inside, readOne, tags } from '../asn1/der.ts'
import { readName } from '../x509/distinguished-name.ts'
import { certificateOf, type Certificate } from '../x509/certificate.ts'

/** A possible issuer, with the anchor set that contains it, if any. */
export interface IssuerCandidate {
  certificate: Certificate
  trustedBy?: AnchorSet
}

type DerBySubject = Map<string, Uint8Array[]>
const indexes = new WeakMap<Uint8Array[], DerBySubject>()

/** The certificates of `set` with this subject key. Only these are fully decoded. */
export function anchorsNamed(set: AnchorSet, subjectKey: string): Certificate[] {
  let index = indexes.get(set.certificates)
  if (!index) indexes.set(set.certificates, (index = indexBySubject(set.certificates)))
  return (index.get(subjectKey) ?? []).flatMap(parseOrNone)
}

function indexBySubject(certificates: Uint8Array[]): DerBySubject {
  const index: DerBySubject = new Map()
  for (const der of certificates) {
    const key = subjectKeyOf(der)
    if (key === undefined) continue
    const same = index.get(key)
    if (same) same.push(der)
    else index.set(key, [der])
  }
  return index
}

/** Reads only up to the subject. Undefined if it is not a certificate, which cannot be an issuer. */
function subjectKeyOf(der: Uint8Array): string | undefined {
  try {
    const tbs = inside(inside(readOne(der, tags.sequence)).next(tags.sequence))
    tbs.optional(explicitTag(0))
    for (const tag of [tags.integer, tags.sequence, tags.sequence, tags.sequence]) tbs.next(tag)
    return readName(tbs.next(tags.sequence)).key
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

/** An empty array for an unreadable certificate, so that it does not affect valid ones beside it. */
export function parseOrNone(der: Uint8Array): Certificate[] {
  try {
    return [certificateOf(der)]
  } catch (error) {
    if (error instanceof DerError) return []
    throw error
  }
}
