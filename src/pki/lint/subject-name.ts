import { canonicalIp } from '../../domain/ip-address.ts'
import { asciiText, type DerElement, leniently, mapElements } from '../asn1/der.ts'
import former from './former.json' with { type: 'json' }
import { attributeNames } from '../asn1/object-identifiers.ts'
import { shown } from '../asn1/strings.ts'
import { readAlgorithm } from '../x509/algorithms.ts'
import { emailAddressOid, type NameAttribute } from '../x509/distinguished-name.ts'
import { textsOf } from '../x509/general-names.ts'
import {
  askForAnother,
  br,
  error,
  issued,
  type LintRule,
  type LintSubject,
  privateLeaf,
  profilesDay,
  publicIntermediate,
  publicIssued,
  publicLeaf,
  rfc5280,
  warning,
} from './rule.ts'

const oids = {
  domainComponent: '0.9.2342.19200300.100.1.25',
  country: '2.5.4.6',
  province: '2.5.4.8',
  locality: '2.5.4.7',
  postalCode: '2.5.4.17',
  street: '2.5.4.9',
  organisation: '2.5.4.10',
  surname: '2.5.4.4',
  givenName: '2.5.4.42',
  unit: '2.5.4.11',
  commonName: '2.5.4.3',
} as const
const { organisation, country, province, locality, postalCode, street, surname, givenName } = oids
/** Attributes in the order that section 7.1.4.2 demands. */
const order: string[] = Object.values(oids)
const holder = [organisation, givenName, surname]
const place = [province, locality, street, postalCode]
const extendedAttributes = ['2.5.4.15', '2.5.4.5', organisation, country]

/** Upper bounds in characters (RFC 5280, appendix A.1). */
const upperBounds = new Map<string, number>([
  [oids.commonName, 64],
  [organisation, 64],
  [oids.unit, 64],
  [locality, 128],
  [province, 128],
  ['2.5.4.5', 64],
  [emailAddressOid, 255],
])

/** Codes that Unicode knows beside ISO 3166-1. */
const otherRegions = new Set([
  'AC',
  'CP',
  'CQ',
  'DG',
  'EA',
  'EU',
  'EZ',
  'IC',
  'QO',
  'TA',
  'UK',
  'UN',
  'XA',
  'XB',
  'ZZ',
])
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** `XX` stands for a place without a code (section 7.1.4.2). */
const isCountry = (code: string): boolean =>
  code === 'XX' || (/^[A-Z]{2}$/.test(code) && regions.of(code) !== undefined && !otherRegions.has(code))

const attributes = ({ parsed }: LintSubject): NameAttribute[] => parsed.subject.rdns.flat()

function values(subject: LintSubject, oid: string): string[] {
  return attributes(subject).flatMap((attribute) => (attribute.oid === oid ? [attribute.text] : []))
}

/** Validation levels by reserved policy (CA/Browser Forum, section 7.1.6.1). */
const reserved = new Map<string, string>(
  Object.entries({
    '2.23.140.1.2.1': 'DV',
    '2.23.140.1.2.2': 'OV',
    '2.23.140.1.2.3': 'IV',
    '2.23.140.1.1': 'EV',
  }),
)

/** Until September 2020 an EV certificate could have a policy of its authority alone. */
const extendedPolicies = new Set(former.extendedPolicies)
const isExtendedValidation = (subject: LintSubject): boolean =>
  validations(subject).includes('EV') ||
  (subject.parsed.decoded.certificatePolicies ?? []).some(({ oid }) => extendedPolicies.has(oid))

function validations({ parsed }: LintSubject): string[] {
  return (parsed.decoded.certificatePolicies ?? []).flatMap(({ oid }) => reserved.get(oid) ?? [])
}

const has = (subject: LintSubject, oid: string): boolean =>
  values(subject, oid).some((text) => text.trim() !== '')
const hasSome = (subject: LintSubject, wanted: string[]): boolean => wanted.some((oid) => has(subject, oid))
const isSince = ({ parsed }: LintSubject, day: string): boolean => parsed.notBefore >= Date.parse(day)
const attributeTitle = (oid: string): string => attributeNames.get(oid) ?? oid

/** The first attribute that only a validated holder may have. */
function unvalidated(subject: LintSubject): string | undefined {
  const isForbidden = isSince(subject, profilesDay)
    ? (oid: string) => oid !== country && oid !== oids.commonName && oid !== oids.unit
    : (oid: string) => [...holder, ...place].some((each) => each === oid)
  return attributes(subject).find(({ oid }) => isForbidden(oid))?.oid
}

export const subjectRules: LintRule[] = [
  error('subject.common_name_not_listed', br('7.1.4.3'), publicLeaf, {
    since: '2012-07-01',
    advice: `The common name has to be one of the alternative names. ${askForAnother}`,
    check: (subject) => {
      const listed = listedHosts(subject)
      const stray = values(subject, oids.commonName).find((name) => !listed.has(comparable(name)))
      return stray !== undefined && `Its common name “${shown(stray)}” is not among its alternative names.`
    },
  }),
  warning('subject.common_name_only_private', 'RFC 9525, section 2', privateLeaf, {
    advice:
      'Issue it again with that name among the alternative names too, or nobody can reach the host by it.',
    check: (subject) => {
      const listed = listedHosts(subject)
      const stray = values(subject, oids.commonName).find(
        (name) => looksLikeHost(name) && !listed.has(comparable(name)),
      )
      return (
        stray !== undefined &&
        `Its common name “${shown(stray)}” looks like a host, but is not among its alternative names, where clients look.`
      )
    },
  }),
  warning('subject.several_common_names', br('7.1.4.1 and 7.1.4.3'), publicLeaf, {
    check: (subject) => {
      const { length } = values(subject, oids.commonName)
      return length > 1 && `It has ${length} common names; one is allowed.`
    },
  }),
  error('subject.country', rfc5280('appendix A.1'), issued, {
    advice: 'Issue it again with the two capital letters of ISO 3166-1 as country.',
    check: (subject) => {
      const odd = values(subject, country).find((code) => !isCountry(code))
      return odd !== undefined && `“${shown(odd)}” is not a country code of ISO 3166-1.`
    },
  }),
  error('subject.common_name_too_long', rfc5280('appendix A.1'), issued, {
    advice: 'Issue it again with a shorter subject, or with none: the alternative names are what counts.',
    check: (subject) => {
      const long = attributes(subject).find(
        ({ oid, text }) => lengthOf(text) > (upperBounds.get(oid) ?? Number.POSITIVE_INFINITY),
      )
      return (
        long &&
        `Its ${long.oid === oids.commonName ? 'common name' : attributeTitle(long.oid)} has ${lengthOf(long.text)} characters; ${upperBounds.get(long.oid)} are allowed.`
      )
    },
  }),
  error('subject.duplicate_attribute', br('7.1.4.1'), publicLeaf, {
    since: profilesDay,
    check: (subject) => {
      const several = attributes(subject).map(({ oid }) => oid)
      const twice = several.find(
        (oid, index) =>
          several.indexOf(oid) !== index &&
          ![oids.domainComponent, street, oids.commonName].some((each) => each === oid),
      )
      return twice && `Its subject has ${attributeTitle(twice)} twice.`
    },
  }),
  error('subject.order', br('7.1.4.2'), publicLeaf, {
    since: profilesDay,
    check: (subject) => {
      const positions = attributes(subject).flatMap(({ oid }) =>
        order.includes(oid) ? order.indexOf(oid) : [],
      )
      return (
        positions.some((position, index) => position < (positions[index - 1] ?? 0)) &&
        `Its subject is not in the required order (${order.map(attributeTitle).join(', ')}).`
      )
    },
  }),
  error('subject.organisational_unit', br('7.1.2.7.2 to 7.1.2.7.4 (ballot SC47)'), publicLeaf, {
    since: '2022-09-01',
    check: (subject) =>
      values(subject, oids.unit).length > 0 &&
      'It names an organisational unit, which public authorities may not certify any more.',
  }),
  error('subject.blank_value', br('7.1.2.7.3 to 7.1.2.7.5'), publicLeaf, {
    check: (subject) =>
      attributes(subject).some(({ text }) => /^[-. ]*$/.test(text)) &&
      'A part of its subject is blank or only a placeholder.',
  }),
  error('policy.missing', br('7.1.2.7.6 and 7.1.2.7.9'), publicLeaf, {
    since: '2012-07-01',
    // Until September 2020 a policy of the authority itself was enough.
    check: (subject) =>
      (isSince(subject, '2020-09-30')
        ? validations(subject).length === 0
        : !subject.extension('certificatePolicies')) &&
      'It does not say how its holder was validated (a policy of the CA/Browser Forum).',
  }),
  error('policy.several', br('7.1.2.7.9'), publicLeaf, {
    since: '2023-09-15',
    check: (subject) => {
      const found = validations(subject)
      return (
        found.length > 1 && `It says that its holder was validated as ${found.join(' and ')}; one is allowed.`
      )
    },
  }),
  error('policy.domain_with_organisation', br('7.1.2.7.2'), publicLeaf, {
    since: '2012-07-01',
    check: (subject) => {
      const oid = validations(subject).join() === 'DV' ? unvalidated(subject) : undefined
      return (
        oid !== undefined &&
        `It names ${oid === organisation ? 'an organisation' : attributeTitle(oid)} although only the domain was validated.`
      )
    },
  }),
  error('policy.organisation_missing', br('7.1.2.7.3 to 7.1.2.7.5'), publicLeaf, {
    since: '2012-07-01',
    check: holderFault,
  }),
  error('policy.extended', 'CA/Browser Forum EV guidelines, sections 9.2 and 9.8.1', publicLeaf, {
    check: (subject) => (isExtendedValidation(subject) ? extendedFault(subject) : undefined),
  }),
  error('policy.qualifier', br('7.1.2.7.9 and 7.1.2.10.5'), publicIssued, {
    since: profilesDay,
    check: ({ parsed }) =>
      parsed.decoded.certificatePolicies?.some(
        ({ qualifiers }) => qualifiers && !areStatements(qualifiers),
      ) && 'A policy of it has a qualifier other than the HTTP address of a practice statement (CPS).',
  }),
  warning('policy.critical', br('7.1.2.7.6 and 7.1.2.10.1'), publicIssued, {
    since: '2012-07-01',
    check: ({ extension }) => extension('certificatePolicies')?.critical && 'Its policies are critical.',
  }),
  error('policy.authority_missing', br('7.1.2.6.1 and 7.1.2.10.5'), publicIntermediate, {
    since: '2012-07-01',
    check: ({ extension }) => !extension('certificatePolicies') && 'It is an intermediate without policies.',
  }),
  error('subject.authority_unnamed', br('7.1.2.10.2'), publicIntermediate, {
    since: '2012-07-01',
    check: (subject) =>
      !(has(subject, organisation) && has(subject, country)) &&
      'It is an intermediate that does not name its organisation and country.',
  }),
]

/** Without a policy the holder's attributes are judged by section 7.1.4.2.2 of version 1.3.7. */
function holderFault(subject: LintSubject): string | undefined {
  const validated = validations(subject).join()
  const isPerson = has(subject, givenName) && has(subject, surname)
  const isLater = isSince(subject, '2016-09-07')
  if (/OV|EV/.test(validated) && !has(subject, organisation))
    return 'It says that an organisation was validated, but does not name it with its country.'
  if (validated === 'IV' && !has(subject, organisation) && !isPerson)
    return 'It says that a person was validated, but names none.'
  if (isLater && hasSome(subject, [givenName, surname]) && !validated.includes('IV'))
    return 'It names a person, but does not say that a person was validated (IV).'
  if (/OV|IV|EV/.test(validated) || (isLater && hasSome(subject, holder))) {
    if (!has(subject, country)) return 'It names its holder without a country.'
    if (!hasSome(subject, [province, locality])) return 'It names its holder without a locality or state.'
  } else if (isLater && validated !== 'DV' && hasSome(subject, place))
    return 'It names a place, but no holder.'
  return undefined
}

function extendedFault(subject: LintSubject): string | undefined {
  const missing = extendedAttributes.find((oid) => !has(subject, oid))
  if (missing) return `It is an EV certificate without ${attributeTitle(missing)} in its subject.`
  const { dns, ip } = textsOf(subject.parsed.decoded.subjectAltName)
  const odd = ip[0] ?? dns.find((name) => name.startsWith('*.') && !name.endsWith('.onion'))
  return odd && `It is an EV certificate for “${shown(odd)}”; EV allows neither addresses nor wildcards.`
}

const practiceStatement = '1.3.6.1.5.5.7.2.1'

/** Whether all qualifiers of a policy are HTTP addresses of practice statements. */
const areStatements = (qualifiers: DerElement): boolean =>
  leniently([], () => mapElements(qualifiers, readAlgorithm), []).every(
    ({ oid, parameters = qualifiers.bytes }) =>
      oid === practiceStatement && /^https?:\/\/[^/]/i.test(asciiText(parameters.subarray(2))),
  )

/** Length in code points, the unit of ASN.1 bounds. */
const lengthOf = (text: string): number => Array.from(text).length

function listedHosts({ parsed }: LintSubject): Set<string> {
  const { dns, ip } = textsOf(parsed.decoded.subjectAltName)
  return new Set([...dns, ...ip].map(comparable))
}

const comparable = (host: string): string => canonicalIp(host) ?? host.toLowerCase()
const looksLikeHost = (name: string): boolean => /^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/i.test(name)
