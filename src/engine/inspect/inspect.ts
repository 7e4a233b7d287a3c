import type { IntakeReport, Verification } from '../../contract/inspect/certificate-facts.ts'
import type { Asn1Part } from '../../contract/inspect/asn1.ts'
import type { CleanFiles } from '../../contract/inspect/clean-files.ts'
import type { Comparison } from '../../contract/inspect/comparison.ts'
import type { Diagnosed } from '../../contract/inspect/diagnosis.ts'
import type { LintReport, LintScope } from '../../contract/inspect/lint.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Preflight } from '../../contract/inspect/preflight.ts'
import { productVersion } from '../../contract/engine/product-version.ts'
import type { RemoteReport } from '../../contract/inspect/remote.ts'
import type { Timeline } from '../../contract/inspect/timeline.ts'
import { asn1Part } from '../../pki/asn1/tree.ts'
import { type SelectedLeaf, selectLeaf } from '../../pki/intake/select-leaf.ts'
import { cleanFiles } from '../../pki/intake/clean-files.ts'
import { compareCertificates, type Side } from '../../pki/comparison/comparison.ts'
import { diagnose } from '../../pki/diagnosis/diagnose.ts'
import { type InputFile, type Intake, openIntake } from '../../pki/intake/intake.ts'
import type { KeyWorkOptions } from '../../pki/formats/key-work.ts'
import { readIntake } from '../../pki/intake/opening.ts'
import { lint } from '../../pki/lint/lint.ts'
import { createScopes } from '../../pki/lint/scope.ts'
import { preflight } from '../../pki/preflight/preflight.ts'
import { remoteReport } from '../../pki/report/remote-report.ts'
import { makeReport, type ReportDocument, type ReportFormat } from '../../pki/report/report.ts'
import { timelineOf } from '../../pki/timeline/timeline.ts'
import type { PolicyInputs } from '../../pki/verify/policies.ts'
import type { Purpose } from '../../pki/verify/question.ts'
import type { AnchorSet } from '../../pki/verify/verify.ts'
import { fetchServedChain, type RemoteAddress } from './remote/served-chain.ts'
import { publicRoots } from '../trust/stores/anchors.ts'
import type { Core } from '../core/core.ts'
import { trustedAnchors, verifyChain } from '../certificates/verdicts.ts'

export interface FilesToRead {
  files: InputFile[]
  passphrase?: string | undefined
  /** Abort signal and progress callback of the decryption. */
  work?: KeyWorkOptions | undefined
}

export interface CertificateInFiles extends FilesToRead {
  /** Certificate in question; absent: the first leaf. */
  leafSha256?: string | undefined
}

export interface FilesQuestion extends CertificateInFiles {
  anchors?: InputFile[] | undefined
  host?: string | undefined
  at?: string | undefined
  /** Intended use; absent: a TLS server's. */
  purpose?: Purpose | undefined
  policies?: PolicyInputs | undefined
  /** Absent: `rfc5280`. */
  profile?: 'rfc5280' | 'web' | undefined
}

export function readFiles(given: FilesToRead): Promise<IntakeReport> {
  return withIntake(given, (intake) => intake.report)
}

/** The four verdicts on one certificate among the files, with the others as intermediates. */
export function verifyFiles(parts: Core, question: FilesQuestion): Promise<Verification> {
  const anchors = givenAnchors(question)
  return withIntake(question, (intake) =>
    verifySelected(parts, selectLeaf(intake, question.leafSha256), question, anchors),
  )
}

/** First thing to know about the files, with the verification it rests on. */
export function diagnoseFiles(parts: Core, question: FilesQuestion): Promise<Diagnosed> {
  const anchors = givenAnchors(question)
  return withIntake(question, (intake) => {
    const hasCertificate = intake.certificates().size > 0
    const verification = hasCertificate
      ? verifySelected(parts, selectLeaf(intake, question.leafSha256), question, anchors)
      : null
    const { leafSha256 } = question
    return {
      ...diagnose(intake.report, verification, { at: momentOf(parts, question), leafSha256 }),
      verification,
    }
  })
}

export function lintFiles(given: FilesToRead & { as?: LintScope | undefined }): Promise<LintReport> {
  return withIntake(given, (intake) =>
    lint({ certificates: [...intake.certificates().values()], publicRoots: publicRoots(), as: given.as }),
  )
}

export function timelineOfFiles(parts: Core, question: FilesQuestion): Promise<Timeline> {
  const anchors = givenAnchors(question) ?? trustedAnchors(parts)
  return withIntake(question, (intake) => {
    const { leaf, others } = selectLeaf(intake, question.leafSha256)
    const { scope } = createScopes({ certificates: [leaf, ...others], publicRoots: publicRoots() })(leaf)
    const at = momentOf(parts, question)
    return timelineOf({ leaf, intermediates: others, anchors, at, scope, host: question.host || undefined })
  })
}

/** Verdicts of CDNs, servers and clients on one certificate with its chain and key. */
export function preflightFiles(
  parts: Core,
  question: FilesQuestion & { targets?: string[] | undefined },
): Promise<Preflight[]> {
  const anchors = givenAnchors(question)
  return withIntake(question, (intake) => {
    const chosen = selectLeaf(intake, question.leafSha256)
    const verification = verifySelected(parts, chosen, question, anchors)
    const publicVerification = verifySelected(parts, chosen, question, [publicRoots()])
    const at = momentOf(parts, question)
    const leaf = chosen.piece
    return preflight({ report: intake.report, leaf, verification, publicVerification, at }, question.targets)
  })
}

export function cleanFilesOf(given: CertificateInFiles): Promise<CleanFiles> {
  return withIntake(given, (intake) => cleanFiles(intake, given.leafSha256))
}

/** Part of the ASN.1 of a piece without secrets. */
export function asn1OfFiles(
  given: FilesToRead & { pieceId: string; offset?: number | undefined; depth?: number | undefined },
): Promise<Asn1Part> {
  return withIntake(given, (intake) => {
    const der = intake.publicStructures().get(given.pieceId)
    if (der) return asn1Part(der, { offset: given.offset, depth: given.depth })
    const reason = `${given.pieceId} is not a certificate, request or revocation list.`
    throw new EdgekeepError('input.invalid', { reason })
  })
}

export async function compareFiles({
  before,
  after,
}: {
  before: CertificateInFiles
  after: CertificateInFiles
}): Promise<Comparison> {
  return compareCertificates(await sideOf(before), await sideOf(after))
}

/** Inspects a server's certificate like a file; the only network access of inspection. */
export async function inspectRemote(
  parts: Core,
  {
    compareWith,
    at,
    ...address
  }: RemoteAddress & { compareWith?: CertificateInFiles | undefined; at?: string | undefined },
): Promise<RemoteReport> {
  const side = compareWith && (await sideOf(compareWith))
  const served = await fetchServedChain(address)
  const host = address.serverName ?? address.host
  return remoteReport(served, address, {
    verify: (leaf, others) =>
      verifyChain(parts, [leaf, ...others], { domain: host, at: momentOf(parts, { at }) }),
    at: momentOf(parts, { at }),
    compareWith: side,
  })
}

export function reportOnFiles(
  parts: Core,
  question: FilesQuestion & { format: ReportFormat; targets?: string[] | undefined },
): Promise<ReportDocument> {
  const anchors = givenAnchors(question) ?? trustedAnchors(parts)
  const about = {
    files: question.files.map(({ name }) => name),
    at: momentOf(parts, question),
    host: question.host || undefined,
    anchors,
    publicRoots: publicRoots(),
    targets: question.targets,
    version: productVersion,
  }
  return withIntake(question, (intake) => makeReport({ ...about, intake }, question.format))
}

function sideOf(given: CertificateInFiles): Promise<Side> {
  return withIntake(given, (intake) => {
    const { leaf, chain } = selectLeaf(intake, given.leafSha256)
    return { leaf, intermediates: chain }
  })
}

function verifySelected(
  parts: Core,
  { leaf, others, revocationLists: crlsBeside }: SelectedLeaf,
  question: FilesQuestion,
  anchors: AnchorSet[] | undefined,
): Verification {
  const at = momentOf(parts, question)
  const { purpose, host, policies, profile } = question
  return verifyChain(parts, [leaf, ...others], {
    domain: host || undefined,
    at,
    anchors,
    purpose,
    crlsBeside,
    policies,
    webProfile: profile === 'web',
  })
}

function momentOf(parts: Core, { at }: Pick<FilesQuestion, 'at'>): Date {
  return at === undefined ? parts.clock() : new Date(at)
}

function givenAnchors({ anchors }: FilesQuestion): AnchorSet[] | undefined {
  if (!anchors) return undefined
  const intake = openIntake(anchors)
  const certificates = [...intake.certificates().values()]
  intake.destroy()
  return [{ name: 'the given roots', certificates }]
}

async function withIntake<T>(
  { files, passphrase, work }: FilesToRead,
  use: (intake: Intake) => T,
): Promise<T> {
  const intake = await readIntake(files, { passphrase, ...work })
  try {
    return use(intake)
  } finally {
    intake.destroy()
  }
}
