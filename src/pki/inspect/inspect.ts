import type { Asn1Part } from '../../contract/inspect/asn1.ts'
import type {
  CertificateFacts,
  IntakeReport,
  Verification,
} from '../../contract/inspect/certificate-facts.ts'
import type { Diagnosed, Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { LintReport, LintScope } from '../../contract/inspect/lint.ts'
import type { Preflight } from '../../contract/inspect/preflight.ts'
import type { Timeline } from '../../contract/inspect/timeline.ts'
import { asn1Part } from '../asn1/tree.ts'
import type { Side } from '../comparison/comparison.ts'
import { certificateFacts } from '../facts/certificate.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import type { Intake } from '../intake/intake.ts'
import { selectLeaf, type SelectedLeaf } from '../intake/select-leaf.ts'
import { lint } from '../lint/lint.ts'
import { createScopes } from '../lint/scope.ts'
import { preflight } from '../preflight/preflight.ts'
import { type ProgramQuestion, verifyForProgram } from '../roots/program-verdict.ts'
import { describeRootTrust } from '../roots/root-lists.ts'
import { timelineOf } from '../timeline/timeline.ts'
import type { PolicyInputs } from '../verify/policies.ts'
import type { Budget, Purpose } from '../verify/question.ts'
import { type AnchorSet, verifyCertificate } from '../verify/verify.ts'
import { transparencyOf } from '../transparency/transparency.ts'
import { certificateOf } from '../x509/certificate.ts'
import { ocspDoubts, readOcspBeside, withOcspBeside } from './ocsp-beside.ts'

/*
 * Facts and verdicts about the files of one intake. Engine and command line ask the same functions; what
 * differs between them, the trust anchors and the clock, comes with the question.
 */

export interface InspectionQuestion {
  /** Certificate in question; absent: the first leaf. */
  leafSha256?: string
  at: Date
  /** Absent or empty: the name is not checked. */
  host?: string
  anchors: AnchorSet[]
  publicRoots: AnchorSet
  /** Absent: a TLS server's. */
  purpose?: Purpose
  policies?: PolicyInputs
  /** Also applies the CA/Browser Forum's rules for issuers. */
  webProfile?: boolean
  /** No for clients that use only a root's name and key. */
  anchorsExpire?: boolean
  /** Shared with other verifications; absent: that of one. */
  budget?: Budget
}

/**
 * All certificates, in input order.
 * @throws the first reading error, or `certificate.missing`
 */
export function certificatesOf(intake: Intake): Uint8Array[] {
  const certificates = [...intake.certificates().values()]
  if (certificates.length > 0) return certificates
  throw intake.unread()[0] ?? new EdgekeepError('certificate.missing', {})
}

/** Trust anchors from files instead of the usual roots. */
export function givenRoots(certificates: Uint8Array[]): AnchorSet[] {
  return [{ name: givenName, certificates }]
}

const givenName = 'the given roots'

function factsOfGiven(anchors: AnchorSet[]): CertificateFacts[] {
  const given = anchors.filter(({ name }) => name === givenName)
  return given.flatMap(({ certificates }) => certificates.map((der) => certificateFacts(der)))
}

/** First thing to know about the files, with the verification it rests on; null without a certificate. */
export function diagnoseFiles(intake: Intake, question: InspectionQuestion): Diagnosed {
  if (intake.certificates().size === 0)
    return { ...diagnose(intake.report, null, question), verification: null }
  const selected = selectLeaf(intake, question.leafSha256)
  const verification = verifySelected(selected, question)
  const faults = lintSelected(selected, question.publicRoots)
  const roots = verification.answers.authority.ok ? [] : factsOfGiven(question.anchors)
  const { chain, leaf, ocspResponses } = selected
  const responses = readOcspBeside(ocspResponses)
  const beside = { path: [leaf, ...chain], others: selected.others, responses }
  const doubts = verification.ok ? ocspDoubts({ ...beside, ...question }) : []
  const diagnosed = diagnose(intake.report, verification, { ...question, faults, roots, doubts })
  if (selected.piece.certificate?.isCa)
    return { ...diagnosed, others: [...diagnosed.others, rootTrustOf(selected, verification)], verification }
  const { diagnosis, others } = diagnosed
  const { severity, situation } = diagnosis
  const isOfCertificate =
    severity === 'good' || (severity === 'attention' && certificateSituation.test(situation))
  const refusal =
    verification.ok && isOfCertificate && browserRefusal(intake.report, selected, question, verification)
  return refusal
    ? {
        diagnosis: refusal,
        others: [diagnosis, ...others].filter((each) => each.severity !== 'good'),
        verification,
      }
    : { ...diagnosed, verification }
}

/** Programs that trust the root in question, or the one that an intermediate leads to. */
function rootTrustOf({ piece }: SelectedLeaf, { path, candidates }: Verification): Diagnosis {
  const top = path.at(-1) ?? candidates[0]?.certificates.at(-1)
  const about = piece.certificate?.isSelfSigned || !top ? '' : `Its root is “${top.title}”. `
  const sentence =
    about + describeRootTrust(top?.fingerprintSha256 ?? piece.certificate?.fingerprintSha256 ?? '')
  return { situation: 'root-trust', severity: 'good', sentence, nextStep: '', pieces: [piece.id] }
}

/** Cautions about the certificate itself; those about the files come before what a browser would do. */
const certificateSituation = /^(?:fault\.|lint-errors$|ocsp-doubt$|expired-intermediate-way-out$)/

/** A certificate that is valid by RFC 5280 and that a browser refuses all the same. */
function browserRefusal(
  report: IntakeReport,
  selected: SelectedLeaf,
  question: InspectionQuestion,
  verification: Verification,
): Diagnosis | undefined {
  const judged = preflightSelected(report, selected, {
    question,
    verification,
    targets: ['chrome', 'firefox'],
  })
  const refused = judged.find(({ verdict }) => verdict === 'refuses')
  const [reason] = refused?.reasons ?? []
  if (!refused || !reason) return undefined
  const { sentence } = refused
  return {
    situation: 'browser-refuses',
    severity: 'bad',
    sentence,
    nextStep: reason.fix,
    pieces: [selected.piece.id],
  }
}

/** Lint of the certificate in question and its chain, the leaf first; empty without a certificate. */
export function lintOfChain(
  intake: Intake,
  { leafSha256, publicRoots }: Pick<InspectionQuestion, 'leafSha256' | 'publicRoots'>,
): LintReport['certificates'] {
  return intake.certificates().size === 0 ? [] : lintSelected(selectLeaf(intake, leafSha256), publicRoots)
}

function lintSelected({ leaf, chain }: SelectedLeaf, publicRoots: AnchorSet): LintReport['certificates'] {
  return lint({ certificates: [leaf, ...chain], publicRoots }).certificates
}

export function lintFiles(
  intake: Intake,
  { publicRoots, as }: { publicRoots: AnchorSet; as?: LintScope },
): LintReport {
  return lint({ certificates: [...intake.certificates().values()], publicRoots, as })
}

export function timelineOfFiles(intake: Intake, question: InspectionQuestion): Timeline {
  const { leaf, others } = selectLeaf(intake, question.leafSha256)
  const certificates = [leaf, ...others]
  const { scope } = createScopes({ certificates, publicRoots: question.publicRoots })(leaf)
  const { anchors, at, host } = question
  return timelineOf({ leaf, intermediates: others, anchors, at, scope, host: host || undefined })
}

/** Verdicts of CDNs, servers and clients on one certificate with its chain and key; `targets`: only these. */
export function preflightFiles(
  intake: Intake,
  question: InspectionQuestion,
  targets?: string[],
): Preflight[] {
  const selected = selectLeaf(intake, question.leafSha256)
  return preflightSelected(intake.report, selected, {
    question,
    verification: verifySelected(selected, question),
    targets,
  })
}

/** `preflightFiles` with a verification that is known already. */
export function preflightSelected(
  report: IntakeReport,
  selected: SelectedLeaf,
  {
    question,
    verification,
    targets,
  }: { question: InspectionQuestion; verification: Verification; targets?: string[] },
): Preflight[] {
  const publicVerification = verifySelected(selected, { ...question, anchors: [question.publicRoots] })
  const { piece: leaf, chain } = selected
  const [certificate, issuer] = [selected.leaf, chain[0]].map((der) => der && certificateOf(der))
  const at = question.at.getTime()
  const transparency = certificate && transparencyOf(certificate, issuer, { at })
  return preflight(
    {
      ...{ report, leaf, verification, publicVerification, transparency },
      verifyFor: (program) => verifyForProgram(program, programQuestion(selected, question), verification),
      ...{ at: question.at, host: question.host },
    },
    targets,
  )
}

function programQuestion(selected: SelectedLeaf, question: InspectionQuestion): ProgramQuestion {
  const { anchors } = question
  return { leaf: selected.leaf, anchors, verify: (by) => verifySelected(selected, { ...question, ...by }) }
}

/** One certificate with its chain, for a comparison. */
export function comparedSide(intake: Intake, leafSha256?: string): Side {
  const { leaf, chain } = selectLeaf(intake, leafSha256)
  return { leaf, intermediates: chain }
}

/**
 * Part of the ASN.1 of a piece without secrets.
 * @throws `input.invalid` for any other piece
 */
export function asn1OfFiles(
  intake: Intake,
  { pieceId, ...part }: { pieceId: string; offset?: number; depth?: number },
): Asn1Part {
  const der = intake.publicStructures().get(pieceId)
  if (der) return asn1Part(der, part)
  const reason = `${pieceId} is not a certificate, request or revocation list.`
  throw new EdgekeepError('input.invalid', { reason })
}

/** The four verdicts on one certificate, with the others as intermediates. */
export function verifySelected(
  { leaf, chain, others, revocationLists: crlsBeside, ocspResponses }: SelectedLeaf,
  { host, ...question }: InspectionQuestion,
): Verification {
  const { anchors, at } = question
  const asked = { leaf, intermediates: others, crlsBeside, host: host || undefined }
  const verification = verifyCertificate({ ...asked, ...question })
  const responses = readOcspBeside(ocspResponses)
  return withOcspBeside(verification, { path: [leaf, ...chain], others, responses, anchors, at })
}
