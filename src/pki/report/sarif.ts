import type { IntakeReport } from '../../contract/inspect/certificate-facts.ts'
import type { LintReport, Severity } from '../../contract/inspect/lint.ts'
import { visibleText } from '../../contract/text/visible-text.ts'
import { lintRules } from '../lint/lint.ts'
import type { LintRule } from '../lint/rule.ts'

const levels: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  notice: 'note',
}

/**
 * Lint findings as SARIF 2.1.0 for code scanning. `uriOf` returns the path of a file by its base name,
 * relative to the scanned folder.
 */
export function toSarif(
  lint: LintReport,
  found: IntakeReport,
  { version, uriOf = (name: string) => name }: { version: string; uriOf?: (name: string) => string },
): string {
  const rules = describedRules(lint)
  const results = lint.certificates.flatMap(({ findings, fingerprintSha256, title }) =>
    findings.map(({ rule, severity, message, advice }) => ({
      ruleId: rule,
      ruleIndex: rules.findIndex(({ id }) => id === rule),
      level: levels[severity],
      message: { text: visibleText(`${title}: ${message} ${advice}`) },
      locations: [locationOf(found, fingerprintSha256, uriOf)],
      partialFingerprints: { 'certificateSha256/v1': fingerprintSha256 },
    })),
  )
  const driver = { name: 'Edgekeep', version, semanticVersion: version, rules: rules.map(descriptorOf) }
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

type Described = Pick<LintRule, 'id' | 'severity' | 'reference' | 'advice'>

/** Every rule of the table, and findings outside of it. */
function describedRules({ certificates }: LintReport): Described[] {
  const known = new Set(lintRules.map(({ id }) => id))
  const others = certificates
    .flatMap(({ findings }) => findings)
    .filter(({ rule }) => !known.has(rule))
    .map(({ rule, severity, reference, advice }) => ({ id: rule, severity, reference, advice }))
  return [...lintRules, ...new Map(others.map((rule) => [rule.id, rule])).values()]
}

function descriptorOf({ id, severity, reference, advice }: Described) {
  return {
    id,
    shortDescription: { text: `${id.replaceAll(/[._]/g, ' ')} (${reference})` },
    help: { text: advice },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['certificate', id.split('.')[0] ?? ''] },
  }
}

function locationOf(found: IntakeReport, sha256: string, uriOf: (name: string) => string) {
  const place = found.pieces.find(({ certificate }) => certificate?.fingerprintSha256 === sha256)?.place
  const uri = encodeURI(uriOf(place?.file ?? 'input'))
  const region = { startLine: place?.line ?? 1 }
  return { physicalLocation: { artifactLocation: { uri }, region } }
}
