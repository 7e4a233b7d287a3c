import type { IntakeReport, Verification } from '../../contract/certificate-facts.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { type InputFile, type Intake, openIntake } from '../pki/intake.ts'
import type { AnchorSet } from '../pki/verify/verify.ts'
import type { EngineParts } from './parts.ts'
import { verifyChain } from './verdicts.ts'

/** Reads files and forgets them. */
export function readFiles(files: InputFile[], passphrase?: string): IntakeReport {
  return withIntake(files, passphrase, (intake) => intake.report)
}

interface FilesQuestion {
  files: InputFile[]
  anchors?: InputFile[] | undefined
  leafSha256?: string | undefined
  passphrase?: string | undefined
  host?: string | undefined
  at?: string | undefined
}

/**
 * The four answers on one certificate among `files`, the others serving as intermediates: on the
 * one with the fingerprint `leafSha256`, else on the first leaf.
 */
export function verifyFiles(parts: EngineParts, question: FilesQuestion): Verification {
  const anchors = question.anchors && givenAnchors(question.anchors)
  return withIntake(question.files, question.passphrase, (intake) =>
    verifyChain(parts, leafFirst(intake, question.leafSha256), {
      domain: question.host || undefined,
      at: question.at ? new Date(question.at) : undefined,
      anchors,
    }),
  )
}

/** All certificates of the input, the one asked for (else the leaf of the first bundle, else the first) in front. */
function leafFirst(intake: Intake, leafSha256: string | undefined): Uint8Array[] {
  const certificates = intake.certificates()
  const leafId =
    leafSha256 === undefined
      ? (intake.report.bundles[0]?.leaf ?? certificates.keys().next().value)
      : intake.report.pieces.find((piece) => piece.certificate?.fingerprintSha256 === leafSha256)?.id
  const leaf = leafId === undefined ? undefined : certificates.get(leafId)
  if (!leaf) throw new EdgekeepError('certificate.missing', {})
  const others = [...certificates].filter(([id]) => id !== leafId).map(([, der]) => der)
  return [leaf, ...others]
}

function givenAnchors(files: InputFile[]): AnchorSet[] {
  const certificates = withIntake(files, undefined, (intake) => [...intake.certificates().values()])
  return [{ name: 'given anchors', certificates }]
}

function withIntake<T>(files: InputFile[], passphrase: string | undefined, use: (intake: Intake) => T): T {
  const intake = openIntake(files, { passphrase })
  try {
    return use(intake)
  } finally {
    intake.destroy()
  }
}
