import { accessMethods } from '../x509/extension-contents.ts'
import type { GeneralName } from '../x509/general-names.ts'
import { shown } from '../asn1/strings.ts'
import {
  br,
  error,
  issued,
  leaf,
  notice,
  profilesDay,
  publicIntermediate,
  publicIssued,
  publicLeaf,
  rfc,
  rfc5280,
  warning,
  type LintRule,
  type LintSubject,
} from './rule.ts'

const daySeconds = 86_400

interface Address {
  kind: string
  address: string
}

const addressOf = (name: GeneralName): Address => ({
  kind: name.kind,
  address: 'text' in name ? name.text : '',
})

function accesses({ parsed }: LintSubject): (Address & { method: string })[] {
  const found = parsed.decoded.authorityInfoAccess ?? []
  return found.map(({ method, location }) => ({ method, ...addressOf(location) }))
}

function listAddresses({ parsed }: LintSubject): Address[] {
  return (parsed.decoded.crlDistributionPoints ?? []).flatMap(({ name }) =>
    name && 'full' in name ? name.full.map(addressOf) : [],
  )
}

const knownMethods = new Set<string>(Object.values(accessMethods))
const isNoHttp = ({ kind, address }: Address): boolean => kind !== 'uri' || !/^http:/i.test(address)
const hasResponder = (subject: LintSubject): boolean =>
  accesses(subject).some(({ method }) => method === accessMethods.ocsp)

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
      !extension('authorityInfoAccess') &&
      'It does not say where its issuer and the state of revocation are found (Authority Information Access).',
  }),
  warning('access.no_issuer_address', br('7.1.2.7.7'), publicLeaf, {
    since: '2012-07-01',
    advice: 'Always serve it with its intermediates: a client that lacks one cannot fetch it.',
    check: (subject) =>
      subject.extension('authorityInfoAccess') &&
      !accesses(subject).some(({ method }) => method === accessMethods.caIssuers) &&
      "It does not say where its issuer's certificate is.",
  }),
  error('access.not_http', br('7.1.2.7.7 and 7.1.2.10.3'), publicIssued, {
    since: '2023-09-15',
    check: (subject) => {
      const odd = accesses(subject).find(isNoHttp)
      return (
        odd && `It gives “${shown(odd.address)}” as an address, which clients cannot ask over plain HTTP.`
      )
    },
  }),
  error('access.form', br('7.1.2.7.7'), publicLeaf, {
    since: profilesDay,
    check: (subject) => {
      const found = accesses(subject)
      if (found.some(({ kind, method }) => kind !== 'uri' || !knownMethods.has(method)))
        return 'Its Authority Information Access names something other than addresses of OCSP and the issuer.'
      const different = new Set(found.map(({ method, address }) => `${method} ${address.toLowerCase()}`))
      return different.size < found.length && 'Its Authority Information Access names an address twice.'
    },
  }),
  warning('access.authority_missing', br('7.1.2.10.3'), publicIntermediate, {
    since: '2012-07-01',
    check: (subject) =>
      !accesses(subject).some(({ method }) => method === accessMethods.caIssuers) &&
      "It is an intermediate that does not say where its issuer's certificate is.",
  }),
  error('access.critical', rfc5280('4.2.2.1'), issued, {
    check: ({ extension }) =>
      extension('authorityInfoAccess')?.critical &&
      'Its Authority Information Access is critical; clients refuse that.',
  }),
  error('revocation.nowhere', br('7.1.2.11.2'), publicLeaf, {
    since: '2012-07-01',
    check: (subject) => {
      const asked = hasResponder(subject)
      const listed = subject.extension('crlDistributionPoints')
      return (
        !(asked || listed || isShortLived(subject)) &&
        'It names neither a revocation list nor an OCSP responder, so nobody can learn that it is revoked.'
      )
    },
  }),
  error('revocation.list_missing', br('7.1.2.11.2'), publicIntermediate, {
    since: '2012-07-01',
    check: ({ extension }) =>
      !extension('crlDistributionPoints') && 'It is an intermediate that names no revocation list.',
  }),
  warning('revocation.list_critical', rfc5280('4.2.1.13'), issued, {
    check: ({ extension }) =>
      extension('crlDistributionPoints')?.critical && 'The addresses of its revocation lists are critical.',
  }),
  error('revocation.list_form', br('7.1.2.11.2'), publicIssued, {
    since: '2012-07-01',
    check: (subject) => {
      const points = subject.parsed.decoded.crlDistributionPoints ?? []
      if (points.length > 0 && listAddresses(subject).every(isNoHttp))
        return 'It names a revocation list without its HTTP address.'
      return (
        subject.parsed.notBefore >= Date.parse(profilesDay) &&
        points.some(({ reasons, crlIssuer }) => reasons ?? crlIssuer) &&
        'One of its revocation lists is limited to reasons or signed by another issuer.'
      )
    },
  }),
  error('revocation.list_not_http', br('7.1.2.11.2'), publicIssued, {
    since: '2023-09-15',
    check: (subject) => {
      const odd = listAddresses(subject).find(isNoHttp)
      return odd && `Its revocation list is at “${shown(odd.address)}”, which is not a plain HTTP address.`
    },
  }),
  error('revocation.staple_without_responder', rfc(7633, '4.2.3'), leaf, {
    advice:
      'Issue it again without “must staple”: Firefox refuses it when no OCSP answer comes along, and there is nobody to get one from.',
    check: (subject) =>
      subject.extension('tlsFeature') &&
      !hasResponder(subject) &&
      'It demands a stapled OCSP answer (must staple), but names no OCSP responder.',
  }),
  notice('revocation.must_staple', rfc(7633, '4'), leaf, {
    advice: 'Make sure that the server staples, or leave “must staple” out next time.',
    check: (subject) =>
      subject.extension('tlsFeature') &&
      hasResponder(subject) &&
      'It demands a stapled OCSP answer (must staple); Firefox refuses the site while the server has none.',
  }),
]
