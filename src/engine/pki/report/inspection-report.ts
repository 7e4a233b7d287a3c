import type { IntakeReport, Verification } from '../../../contract/certificate-facts.ts'
import type { Diagnosis } from '../../../contract/diagnosis.ts'
import type { LintReport } from '../../../contract/lint.ts'
import type { Preflight } from '../../../contract/preflight.ts'
import type { Timeline } from '../../../contract/timeline.ts'
import { chosenIn } from '../chosen.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import type { Intake } from '../intake.ts'
import { lint } from '../lint/lint.ts'
import { preflight } from '../preflight/preflight.ts'
import { timelineOf } from '../timeline/timeline.ts'
import { type AnchorSet, verifyCertificate } from '../verify/verify.ts'

/** Everything that can be said about files, as data. It holds no key. */
export interface InspectionReport {
  product: { name: 'Edgekeep'; version: string }
  at: string
  host: string | null
  files: string[]
  diagnosis: Diagnosis
  others: Diagnosis[]
  found: IntakeReport
  lint: LintReport
  sites: SiteReport[]
  /** Certificates of further sites, which are listed but not judged one by one. */
  sitesOmitted: number
}

export interface SiteReport {
  title: string
  fingerprintSha256: string
  verification: Verification
  timeline: Timeline
  preflight: Preflight[]
}

export interface ReportQuery {
  intake: Intake
  /** Base names. */
  files: string[]
  at: Date
  host?: string | undefined
  anchors: AnchorSet[]
  publicRoots: AnchorSet
  /** Only these targets of the preflight; absent: all. */
  targets?: string[] | undefined
  version: string
}

const mostSites = 50

export function inspectionReport(query: ReportQuery): InspectionReport {
  const { intake, at, host, publicRoots, version } = query
  const { report } = intake
  const linted = lint({ certificates: [...intake.certificates().values()], publicRoots })
  const leaves = leavesOf(report)
  const sites = leaves.slice(0, mostSites).map((sha256) => siteReport(query, linted, sha256))
  return {
    product: { name: 'Edgekeep', version },
    at: at.toISOString(),
    host: host ?? null,
    files: query.files,
    ...diagnose(report, sites[0]?.verification ?? null, { at }),
    found: report,
    lint: linted,
    sites,
    sitesOmitted: leaves.length - sites.length,
  }
}

/** The leaves of the bundles; where there are none, the first certificate. */
function leavesOf({ bundles, pieces }: IntakeReport): string[] {
  const ids = bundles.map(({ leaf }) => leaf)
  const first = pieces.find(({ certificate }) => certificate)
  const chosen = ids.length > 0 ? ids : first ? [first.id] : []
  return chosen.flatMap((id) => pieces.find((piece) => piece.id === id)?.certificate?.fingerprintSha256 ?? [])
}

function siteReport(query: ReportQuery, { certificates }: LintReport, sha256: string): SiteReport {
  const { intake, at, host, anchors, publicRoots, targets } = query
  const { leaf, piece, others: intermediates, revocationLists: crlsBeside } = chosenIn(intake, sha256)
  const verify = (by: AnchorSet[]) =>
    verifyCertificate({ leaf, intermediates, anchors: by, at, host, crlsBeside })
  const verification = verify(anchors)
  const publicVerification = verify([publicRoots])
  const scope = certificates.find(({ fingerprintSha256 }) => fingerprintSha256 === sha256)?.scope ?? 'private'
  return {
    title: piece.certificate?.title ?? '',
    fingerprintSha256: sha256,
    verification,
    timeline: timelineOf({ leaf, intermediates, anchors, at, scope, host }),
    preflight: preflight(
      { report: intake.report, leaf: piece, verification, publicVerification, at },
      targets,
    ),
  }
}
