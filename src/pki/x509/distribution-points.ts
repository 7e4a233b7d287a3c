import {
  DerError,
  explicitTag,
  implicitTag,
  inside,
  only,
  readList,
  readNamedBits,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import { readRelativeName, type NameAttribute } from './distinguished-name.ts'
import { readGeneralNames, type GeneralName } from './general-names.ts'

/** Location of a CRL: full names, or a name relative to the CRL issuer's. */
export type DistributionPointName = { full: GeneralName[] } | { relative: NameAttribute[] }

export interface DistributionPoint {
  name?: DistributionPointName
  /** Bit numbers of ReasonFlags; absent: all. */
  reasons?: Set<number>
  crlIssuer?: GeneralName[]
}

export function readDistributionPoints(octets: DerElement): DistributionPoint[] {
  return readList(only(octets, tags.sequence), (point) => {
    const fields = inside(point)
    const name = fields.optional(explicitTag(0))
    const reasons = fields.optional(implicitTag(1))
    const crlIssuer = fields.optional(explicitTag(2))
    fields.end()
    return {
      ...(name ? { name: readDistributionPointName(name) } : {}),
      ...(reasons ? { reasons: readNamedBits(reasons) } : {}),
      ...(crlIssuer ? { crlIssuer: readGeneralNames(crlIssuer) } : {}),
    }
  })
}

export function readDistributionPointName(element: DerElement): DistributionPointName {
  const choice = only(element)
  if (choice.tag === explicitTag(0)) return { full: readGeneralNames(choice) }
  if (choice.tag === explicitTag(1)) return { relative: readRelativeName(choice) }
  throw new DerError('a distribution point has a name of an unknown kind')
}
