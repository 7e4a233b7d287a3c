import { readShownName } from '../facts/shown-names.ts'
import { inside, mapElements, readObjectIdentifier, readOne, tags } from '../asn1/der.ts'
import { extensionOids } from '../x509/extensions.ts'
import { shown } from '../asn1/strings.ts'
import {
  br,
  error,
  issued,
  leaf,
  notice,
  publicIntermediate,
  publicIssued,
  publicLeaf,
  rfc,
  rfc5280,
  warning,
  type LintRule,
} from './rule.ts'
import type { LintSubject } from './subject.ts'

const ocsp = '1.3.6.1.5.5.7.48.1'
const caIssuers = '1.3.6.1.5.5.7.48.2'
const tlsFeature = '1.3.6.1.5.5.7.1.24'
const daySeconds = 86_400

interface Access {
  method: string
  kind: string
  address: string
}

function accesses({ extension }: LintSubject): Access[] {
  const found = extension(extensionOids.authorityInfoAccess)
  if (!found) return []
  try {
    return mapElements(readOne(found.value, tags.sequence), (description) => {
      const fields = inside(description)
      const method = readObjectIdentifier(fields.next(tags.objectIdentifier))
      const { kind, text } = readShownName(fields.next())
      return { method, kind, address: text }
    })
  } catch {
    // Unreadable ones are covered by structure.malformed.
    return []
  }
}

function listAddresses({ parsed }: LintSubject): { kind: string; address: string }[] {
  return (parsed.decoded.crlDistributionPoints ?? []).flatMap(({ name }) =>
    name && 'full' in name
      ? name.full.map((each) => ({ kind: each.kind, address: 'text' in each ? each.text : '' }))
      : [],
  )
}

/**
 * Seven days, or ten before 15 March 2026, need no revocation (section 1.6.1, Short-lived Subscriber
 * Certificate).
 */
function isShortLived({ lifetimeSeconds, parsed }: LintSubject): boolean {
  const days = parsed.notBefore < Date.parse('2026-03-15') ? 10 : 7
  return parsed.notBefore >= Date.parse('2024-03-15') && lifetimeSeconds <= days * daySeconds
}

export const revocationRules: LintRule[] = [
  error('access.missing', br('7.1.2.7.6'), publicLeaf, {
    since: '2012-07-01',
    check: ({ extension }) =>
      !extension(extensionOids.authorityInfoAccess) &&
      'It does not say where its issuer and the state of revocation are found (Authority Information Access).',
  }),
  warning('access.no_issuer_address', br('7.1.2.7.7'), publicLeaf, {
    since: '2012-07-01',
    advice: 'Always serve it with its intermediates: a client that lacks one cannot fetch it.',
    check: (subject) =>
      subject.extension(extensionOids.authorityInfoAccess) &&
      !accesses(subject).some(({ method }) => method === caIssuers) &&
      "It does not say where its issuer's certificate is.",
  }),
  error('access.not_http', br('7.1.2.7.7 and 7.1.2.10.3'), publicIssued, {
    since: '2023-09-15',
    check: (subject) => {
      const odd = accesses(subject).find(({ kind, address }) => kind !== 'uri' || !/^http:/i.test(address))
      return (
        odd && `It gives “${shown(odd.address)}” as an address, which clients cannot ask over plain HTTP.`
      )
    },
  }),
  error('access.critical', rfc5280('4.2.2.1'), issued, {
    check: ({ extension }) =>
      extension(extensionOids.authorityInfoAccess)?.critical &&
      'Its Authority Information Access is critical; clients refuse that.',
  }),
  error('revocation.nowhere', br('7.1.2.11.2'), publicLeaf, {
    since: '2012-07-01',
    check: (subject) => {
      const asked = accesses(subject).some(({ method }) => method === ocsp)
      const listed = subject.extension(extensionOids.crlDistributionPoints)
      return (
        !(asked || listed || isShortLived(subject)) &&
        'It names neither a revocation list nor an OCSP responder, so nobody can learn that it is revoked.'
      )
    },
  }),
  error('revocation.list_missing', br('7.1.2.11.2'), publicIntermediate, {
    since: '2012-07-01',
    check: ({ extension }) =>
      !extension(extensionOids.crlDistributionPoints) &&
      'It is an intermediate that names no revocation list.',
  }),
  error('revocation.list_not_http', br('7.1.2.11.2'), publicIssued, {
    since: '2023-09-15',
    check: (subject) => {
      const odd = listAddresses(subject).find(
        ({ kind, address }) => kind !== 'uri' || !/^http:/i.test(address),
      )
      return odd && `Its revocation list is at “${shown(odd.address)}”, which is not a plain HTTP address.`
    },
  }),
  error('revocation.staple_without_responder', rfc(7633, '4.2.3'), leaf, {
    advice:
      'Issue it again without “must staple”: Firefox refuses it when no OCSP answer comes along, and there is nobody to get one from.',
    check: (subject) =>
      subject.extension(tlsFeature) &&
      !accesses(subject).some(({ method }) => method === ocsp) &&
      'It demands a stapled OCSP answer (must staple), but names no OCSP responder.',
  }),
  notice('revocation.must_staple', rfc(7633, '4'), leaf, {
    advice: 'Make sure that the server staples, or leave “must staple” out next time.',
    check: (subject) =>
      subject.extension(tlsFeature) &&
      accesses(subject).some(({ method }) => method === ocsp) &&
      'It demands a stapled OCSP answer (must staple); Firefox refuses the site while the server has none.',
  }),
]
