import type {
  CertificateFacts,
  IntakeReport,
  Piece,
  Verification,
} from '../../contract/inspect/certificate-facts.ts'
import { keyFormIn } from '../formats/private-key.ts'
import type { ProgramTrust, ProgramVerdict } from '../roots/program-verdict.ts'
import type { RootProgram } from '../roots/root-lists.ts'
import type { Transparency } from '../transparency/transparency.ts'

/** Facts for the rule packs, flat so that rules can be data. */
export interface PreflightFacts {
  /** `RSA 2048`, `EC P-256`, `Ed25519`. */
  keySpec: string
  keyType: string
  /** 0 where the key is not RSA. */
  rsaBits: number
  ecBits: number
  /**
   * `matching`, `missing`, `locked`; `other` if only keys of other certificates are present, and `other-type`
   * if none of them has even the certificate's type.
   */
  key: string
  /** `pem`, `messy-pem`, `der`, `pkcs7`, `pkcs12`. */
  form: string
  keyForm: string
  hasEcParameters: boolean
  /** The leaf precedes its chain in the files. */
  leafFirst: boolean
  rootIncluded: boolean
  intermediates: number
  /** `ok` or the reason, by this computer's trust anchors. */
  authority: string
  /** Reason of a negative `authority`, as a sentence. */
  authorityReason: string
  /** The same by the public roots alone; for a client, `ok` if its own list has the root. */
  publicAuthority: string
  /** A client's trust in the root; `none` for other targets and without a root. */
  rootTrust: ProgramTrust
  signature: string
  /** The leaf's curve is not named but described. */
  explicitCurve: boolean
  validity: string
  /** Excludes the root. */
  forgeableSignature: boolean
  /** `RSA`, `EC P-521`, `Ed25519`: key without its length. */
  keyKind: string
  /** Kind of the first intermediate's key that is not RSA, P-256, P-384 or P-521; empty without one. */
  unusualIssuerKey: string
  /** First signature that is not RSA or ECDSA with SHA-256, SHA-384 or SHA-512; empty without one. */
  unusualSignature: string
  /** A certificate of the chain is for any purpose and does not name TLS servers. */
  anyPurposeAlone: boolean
  /** Empty subject beside alternative names that are not critical (RFC 5280, section 4.2.1.6). */
  emptySubject: boolean
  /** Permitted use as `digitalSignature`, which TLS 1.3 and ECDHE need. A missing extension permits all. */
  maySign: boolean
  weakIntermediate: boolean
  daysLeft: number
  lifetimeDays: number
  /** ISO date. */
  issuedOn: string
  hosts: number
  hasSan: boolean
  hasCommonName: boolean
  wildcards: number
  /** `covered`, `not-covered`, `unasked`; `common-name` if only that has the host. */
  host: string
  hostHasUnderscore: boolean
  forServers: boolean
  saysForServers: boolean
  isCa: boolean
  selfSigned: boolean
  version: number
  timestamps: number
  /** Distinct logs whose timestamps count. */
  timestampsCounted: number
  timestampsNeeded: number
  /** Different ones among those. */
  logOperators: number
  /** Outcome of Chrome's policy (`met`, `one-operator`, …); `none` without timestamps. */
  transparency: string
  mustStaple: boolean
}

export interface PreflightInput {
  report: IntakeReport
  leaf: Piece
  /**
   * Verdicts by this computer's trust anchors, by the public roots alone, and as a program has it; all with
   * the host if one was given.
   */
  verification: Verification
  publicVerification: Verification
  /** Judgement of the embedded SCTs at `at`; undefined without any. */
  transparency?: Transparency
  verifyFor(program: RootProgram): ProgramVerdict
  host?: string
  at: Date
}

const dayMs = 86_400_000

export function preflightFacts(input: PreflightInput): PreflightFacts {
  const { report, leaf, verification, publicVerification, at } = input
  const facts = leaf.certificate as CertificateFacts
  const bundle = report.bundles.find((each) => each.leaf === leaf.id)
  const chain = (bundle?.chain ?? []).flatMap(
    (id) => report.pieces.find((piece) => piece.id === id)?.certificate ?? [],
  )
  return {
    ...keyFacts(facts),
    ...fileFacts(input),
    ...trustFacts(verification, publicVerification),
    ...nameFacts(facts, verification, input.host),
    ...logFacts(facts, input.transparency),
    ...signatureFacts([facts, ...chain]),
    intermediates: chain.length,
    forgeableSignature: [facts, ...chain].some(({ signatureAlgorithm }) =>
      /MD[245]|SHA-1$/.test(signatureAlgorithm),
    ),
    weakIntermediate: chain.some(
      ({ publicKey }) => publicKey.type.startsWith('RSA') && (publicKey.bits ?? 0) < 2048,
    ),
    daysLeft: Math.floor((Date.parse(facts.notAfter) - at.getTime()) / dayMs),
    lifetimeDays: Math.ceil(facts.lifetimeDays),
    issuedOn: facts.notBefore.slice(0, 10),
    forServers:
      facts.extendedKeyUsage.length === 0 ||
      facts.extendedKeyUsage.some((use) => /TLS server|any purpose/.test(use)),
    saysForServers: facts.extendedKeyUsage.some((use) => use.startsWith('TLS server')),
    isCa: facts.isCa,
    selfSigned: facts.isSelfSigned,
    version: facts.version,
    mustStaple: facts.extensions.some(({ oid }) => oid === '1.3.6.1.5.5.7.1.24'),
  }
}

function keyFacts({ publicKey }: CertificateFacts) {
  const { type, bits = 0 } = publicKey
  const isRsa = type === 'RSA' || type === 'RSA-PSS'
  const keyKind = kindOf(publicKey)
  return {
    keyType: type,
    keyKind,
    keySpec: isRsa ? `${type} ${bits}` : keyKind,
    rsaBits: isRsa ? bits : 0,
    ecBits: type === 'EC' ? bits : 0,
  }
}

function kindOf({ type, curve }: CertificateFacts['publicKey']): string {
  return [type, curve].filter(Boolean).join(' ')
}

const usualKeys = ['RSA', 'EC P-256', 'EC P-384', 'EC P-521']
const usualSignature = /SHA-(?:256|384|512|1$)/
const usualSigners = /^(?:RSA|ECDSA)\b|SHA-1$/

function signatureFacts(certificates: CertificateFacts[]) {
  const [leaf, ...issuers] = certificates
  const issuerKeys = issuers.map(({ publicKey }) => kindOf(publicKey))
  const signatures = certificates.map(({ signatureAlgorithm }) => signatureAlgorithm)
  const usage = leaf?.keyUsage ?? []
  return {
    anyPurposeAlone: certificates.some(
      ({ extendedKeyUsage: uses }) =>
        uses.some((use) => /any purpose/.test(use)) && !uses.some((use) => use.startsWith('TLS server')),
    ),
    emptySubject:
      leaf?.subject === '' && leaf.extensions.some(({ oid, critical }) => oid === '2.5.29.17' && !critical),
    unusualIssuerKey: issuerKeys.find((kind) => !usualKeys.includes(kind)) ?? '',
    unusualSignature:
      signatures.find((signature) => !(usualSignature.test(signature) && usualSigners.test(signature))) ?? '',
    maySign:
      !leaf?.extensions.some(({ oid }) => oid === '2.5.29.15') ||
      usage.some((use) => /digital ?signature/i.test(use)),
  }
}

function fileFacts({ report, leaf }: PreflightInput) {
  const bundle = report.bundles.find((each) => each.leaf === leaf.id)
  const keyPiece = report.pieces.find(({ id }) => id === bundle?.key)
  const isLocked = report.pieces.some(({ locked, kind }) => locked && kind === 'encrypted-private-key')
  const wanted = [leaf.id, ...(bundle?.chain ?? [])]
  // The order of files is arbitrary; within a file it matters.
  const given = report.pieces
    .filter(({ id, place }) => wanted.includes(id) && place.file === leaf.place.file)
    .map(({ id }) => id)
  const wasOpened = report.fixes.some(({ kind }) => kind === 'decrypted') && leaf.form !== 'pkcs12'
  return {
    key: keyPiece ? (wasOpened ? 'locked' : 'matching') : isLocked ? 'locked' : strangeKey(report, leaf),
    form: leaf.form ?? 'pem',
    keyForm: keyFormIn(keyPiece?.title) ?? '',
    hasEcParameters: report.pieces.some(({ kind, title }) => kind === 'parameters' && title.startsWith('EC')),
    leafFirst: given[0] === leaf.id,
    rootIncluded: report.pieces.some(
      ({ id, certificate }) => id !== leaf.id && certificate?.isCa === true && certificate.isSelfSigned,
    ),
  }
}

function strangeKey({ pieces }: IntakeReport, { certificate }: Piece): 'other' | 'other-type' | 'missing' {
  const keys = pieces.filter(({ kind }) => kind === 'private-key')
  if (keys.length === 0) return 'missing'
  const type = certificate?.publicKey.type
  return keys.every(({ publicKey }) => publicKey && publicKey.type !== type) ? 'other-type' : 'other'
}

function trustFacts(verification: Verification, publicVerification: Verification) {
  return {
    authority: verification.answers.authority.code,
    authorityReason: verification.answers.authority.reason,
    rootTrust: 'none' as const,
    publicAuthority: publicVerification.answers.authority.code,
    signature: verification.answers.signature.code,
    explicitCurve: verification.answers.signature.reason.startsWith(
      'It has an elliptic curve that is not named',
    ),
    validity: verification.answers.validity.code,
  }
}

/** Facts that a client's own list of roots changes. */
export function programFacts(program: RootProgram, { verifyFor }: PreflightInput) {
  const { verification, trust } = verifyFor(program)
  return {
    ...trustFacts(verification, verification),
    publicAuthority: trust === 'trusted' ? verification.answers.authority.code : 'unknown_authority',
    rootTrust: trust,
  }
}

function nameFacts(
  { names, subject, extensions }: CertificateFacts,
  { answers }: Verification,
  asked: string | undefined,
) {
  const hasCommon = asked !== undefined && subject.split(',').includes(`CN=${asked}`)
  const byCommonName = hasCommon && names.dns.length + names.ip.length === 0 ? 'common-name' : 'not-covered'
  const host = answers.name === null ? 'unasked' : answers.name.ok ? 'covered' : byCommonName
  return {
    hosts: names.dns.length + names.ip.length,
    hasSan: extensions.some(({ oid }) => oid === '2.5.29.17'),
    hasCommonName: /(^|,)CN=/.test(subject),
    wildcards: names.dns.filter((name) => name.startsWith('*.')).length,
    host,
    hostHasUnderscore: asked?.includes('_') ?? false,
  }
}

/** Chrome's and Apple's policies. */
function logFacts({ lifetimeDays }: CertificateFacts, judged: Transparency | undefined) {
  const counting = judged?.timestamps.filter(({ state }) => state === 'counts') ?? []
  return {
    timestamps: judged?.timestamps.length ?? 0,
    timestampsCounted: judged?.counted ?? 0,
    logOperators: new Set(counting.map(({ log }) => log?.operator)).size,
    timestampsNeeded: judged?.needed ?? (lifetimeDays > 180 ? 3 : 2),
    transparency: judged?.chrome ?? 'none',
  }
}
