import type { IntakeReport, Verification } from '../../contract/inspect/certificate-facts.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import type { LintReport } from '../../contract/inspect/lint.ts'
import type { Preflight } from '../../contract/inspect/preflight.ts'
import type { Timeline } from '../../contract/inspect/timeline.ts'
import { selectLeaf } from '../intake/select-leaf.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import { preflightSelected, verifySelected } from '../inspect/inspect.ts'
import type { Intake } from '../intake/intake.ts'
import { lint } from '../lint/lint.ts'
import { timelineOf } from '../timeline/timeline.ts'
import { sharedBudget, type Budget } from '../verify/question.ts'
import type { AnchorSet } from '../verify/verify.ts'

/** Complete report on files, as data. It contains no key. */
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
  /** Certificates of further sites, which are listed but not judged. */
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
  host?: string
  anchors: AnchorSet[]
  publicRoots: AnchorSet
  /** Targets of the preflight; absent: all. */
  targets?: string[]
  version: string
  /** Called before each step with a sentence about it. */
  onProgress?: ((sentence: string) => void) | undefined
}

const mostSites = 50

export function inspectionReport(query: ReportQuery): InspectionReport {
  const { intake, at, host, publicRoots, version } = query
  const { report } = intake
  const certificates = [...intake.certificates().values()]
  const linted = lint({
    certificates,
    publicRoots,
    onCertificate: (number) =>
      query.onProgress?.(`Checking the rules for certificate ${number} of ${certificates.length}.`),
  })
  const leaves = leavesOf(report)
  const judged = leaves.slice(0, mostSites)
  const budget = sharedBudget()
  const sites = judged.map((sha256, at) => {
    query.onProgress?.(`Judging site ${at + 1} of ${judged.length}.`)
    return siteReport(query, linted, sha256, budget)
  })
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

/** The leaves of the bundles; without bundles, the first certificate. */
function leavesOf({ bundles, pieces }: IntakeReport): string[] {
  const ids = bundles.map(({ leaf }) => leaf)
  const first = pieces.find(({ certificate }) => certificate)
  const chosen = ids.length > 0 ? ids : first ? [first.id] : []
  return chosen.flatMap((id) => pieces.find((piece) => piece.id === id)?.certificate?.fingerprintSha256 ?? [])
}

function siteReport(
  query: ReportQuery,
  { certificates }: LintReport,
  sha256: string,
  budget: Budget,
): SiteReport {
  const { intake, at, host, anchors, targets } = query
  const selected = selectLeaf(intake, sha256)
  const { leaf, piece, others: intermediates } = selected
  const question = { ...query, budget }
  const verification = verifySelected(selected, question)
  const scope = certificates.find(({ fingerprintSha256 }) => fingerprintSha256 === sha256)?.scope ?? 'private'
  return {
    title: piece.certificate?.title ?? '',
    fingerprintSha256: sha256,
    verification,
    timeline: timelineOf({ leaf, intermediates, anchors, at, scope, host, budget }),
    preflight: preflightSelected(intake.report, selected, { question, verification, targets }),
  }
}
