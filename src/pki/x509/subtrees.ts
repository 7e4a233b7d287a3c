import {
  DerError,
  explicitTag,
  implicitTag,
  inside,
  readCount,
  readOne,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import { readList } from './extensions.ts'
import { isHostConstraint, readGeneralName, type GeneralName } from './general-names.ts'

export interface NameConstraints {
  permitted: GeneralName[]
  excluded: GeneralName[]
}

export function readNameConstraints(value: Uint8Array): NameConstraints {
  const fields = inside(readOne(value, tags.sequence))
  const permitted = fields.optional(explicitTag(0))
  const excluded = fields.optional(explicitTag(1))
  fields.end()
  if (!permitted && !excluded) throw new DerError('neither permitted nor excluded names are given')
  return {
    permitted: permitted ? readList(permitted, readSubtree) : [],
    excluded: excluded ? readList(excluded, readSubtree) : [],
  }
}

/** RFC 5280, section 4.2.1.10: minimum is zero, maximum is absent. */
function readSubtree(element: DerElement): GeneralName {
  const fields = inside(element)
  const base = readGeneralName(fields.next())
  const minimum = fields.optional(implicitTag(0))
  fields.end()
  if (minimum && readCount(minimum) !== 0) throw new DerError('a subtree has a minimum above zero')
  if (!isBase(base)) throw new DerError('a subtree has a base that no name can lie under')
  return base
}

/** Host names only. A malformed URI matters only if URI names are constrained. */
function isBase(base: GeneralName): boolean {
  if (base.kind === 'dns') return isHostConstraint(base.text)
  return base.kind !== 'ip' || isNetwork(base.octets)
}

/** An address and a contiguous mask (RFC 4632, section 3.1). */
function isNetwork(octets: Uint8Array): boolean {
  if (octets.length !== 8 && octets.length !== 32) return false
  const mask = octets.subarray(octets.length / 2)
  return /^1*0*$/.test([...mask].map((octet) => octet.toString(2).padStart(8, '0')).join(''))
}
