import type { Breach } from './breach.ts'
import type { DistributionPoint } from '../x509/distribution-points.ts'
import type { Certificate } from '../x509/certificate.ts'
import { entryKey, parseListCached, type RevocationList, type RevokedEntry } from '../x509/revocation-list.ts'
import {
  allReasons,
  isCurrent,
  isInScope,
  isIssuedFor,
  pointsOf,
  reasonsOf,
  updates,
} from './revocation-scope.ts'
import { revokedBreach, unknownBreach, whyUnknown } from './revocation-breach.ts'

export interface Revocation {
  /**
   * Checks the certificates of a path, leaf first, against the CRLs. If there are `crls`, they have to show
   * that the leaf is not revoked.
   */
  breachIn(path: Certificate[]): Breach | undefined
  /** The same for a path whose first certificate is a CRL signer. */
  breachAboveSigner(path: Certificate[]): Breach | undefined
}

export interface RevocationInputs {
  /** DER. */
  crls: Uint8Array[]
  /** CRLs of the same files; they need not cover the leaf. */
  crlsBeside: Uint8Array[]
  /** Milliseconds since 1970. */
  at: number
  /** Whether `list` has an authorised signer under the anchor at the end of `path`. */
  isAuthentic(list: RevocationList, path: Certificate[]): boolean
}

type Status = { kind: 'good' } | { kind: 'revoked'; entry: RevokedEntry } | { kind: 'unknown' }

/**
 * Revocation by CRLs (RFC 5280, section 6.3). If there are `crls`, they have to give the leaf's status. An
 * intermediate's status is required only if a CRL covers its issuer, since the root's CRL is seldom at hand;
 * the same applies to the leaf for `crlsBeside`.
 */
export function createRevocation(inputs: RevocationInputs): Revocation {
  const lists = [...inputs.crls, ...inputs.crlsBeside].flatMap((der) => parseListCached(der) ?? [])
  const breachIn = (path: Certificate[], leafMustBeKnown: boolean): Breach | undefined => {
    for (const [index, certificate] of path.slice(0, -1).entries()) {
      const status = statusOf(certificate, path, lists, inputs)
      const mustBeKnown =
        (leafMustBeKnown && index === 0) || lists.some((list) => isIssuedFor(list, certificate))
      if (status.kind === 'good' || (status.kind === 'unknown' && !mustBeKnown)) continue
      if (status.kind === 'revoked') return revokedBreach(status.entry, certificate, index)
      return unknownBreach(whyUnknown(certificate, lists, inputs.at), certificate, index)
    }
    return undefined
  }
  const hasToClear = inputs.crls.length > 0
  return {
    breachIn: (path) => (lists.length === 0 && !hasToClear ? undefined : breachIn(path, hasToClear)),
    breachAboveSigner: (path) => breachIn(path, false),
  }
}

/** Section 6.3.3. */
function statusOf(
  certificate: Certificate,
  path: Certificate[],
  lists: RevocationList[],
  inputs: RevocationInputs,
): Status {
  const usable = lists.filter((list) => isCurrent(list, inputs.at) && !list.fault)
  const authentic = (list: RevocationList): boolean => inputs.isAuthentic(list, path)
  const known = new Set<number>()
  for (const point of pointsOf(certificate))
    for (const list of usable) {
      const reasons = reasonsOf(list, point)
      if (list.baseNumber !== undefined || reasons.isSubsetOf(known)) continue
      if (!isInScope(list, certificate, point) || !authentic(list)) continue
      const entry = entryFor(certificate, list, deltaFor(list, usable, certificate, point, authentic))
      if (entry) return { kind: 'revoked', entry }
      for (const reason of reasons) known.add(reason)
    }
  return allReasons.isSubsetOf(known) ? { kind: 'good' } : { kind: 'unknown' }
}

function deltaFor(
  complete: RevocationList,
  lists: RevocationList[],
  certificate: Certificate,
  point: DistributionPoint,
  authentic: (list: RevocationList) => boolean,
): RevocationList | undefined {
  return lists
    .filter((list) => updates(list, complete) && isInScope(list, certificate, point) && authentic(list))
    .sort((a, b) => b.thisUpdate - a.thisUpdate)[0]
}

const removeFromCrl = 8

/** The delta CRL decides; its `removeFromCRL` lifts a hold (section 6.3.3 (i) to (k)). */
function entryFor(
  certificate: Certificate,
  complete: RevocationList,
  delta: RevocationList | undefined,
): RevokedEntry | undefined {
  const key = entryKey(certificate.issuer, certificate.serial)
  const entry = delta?.entries.get(key) ?? complete.entries.get(key)
  return entry?.reason === removeFromCrl ? undefined : entry
}
