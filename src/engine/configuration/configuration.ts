import { setImmediate as others } from 'node:timers/promises'
import type { z } from 'zod'
import * as jsYaml from 'js-yaml'
import { stringify, isNode, parseDocument } from 'yaml'
import {
  type ApplyEvent,
  type ConfigurationFile,
  type ConfigurationProgress,
  type WrittenConfiguration,
  configurationFileSchema,
  type ConfigurationPlan,
  type PlanEvent,
} from '../../contract/domains/configuration.ts'
import { configurationHeading } from '../../contract/domains/configuration-heading.ts'
import type { Effect } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { DomainRow } from '../vault/vault.ts'
import { requireNoProblem } from '../certificates/replacement.ts'
import { type CertificateReader, httpsFacts } from '../certificates/certificate-to-serve.ts'
import { storedRuns } from '../core/settings.ts'
import { type ChangeRecord, commit } from '../core/commit.ts'
import { setPoliciesOf } from '../domains/policy-passwords.ts'
import { planInSteps, type Planned, planOf, type WantedRow } from './configuration-plan.ts'
import { readOnce } from '../core/read-once.ts'
import type { DomainNeeds } from '../domains/needs.ts'

const header = `${configurationHeading} No secret is in it: certificates are named by their SHA-256 fingerprint,
# their keys stay in the vault. See the difference first: edgekeep config import --dry-run FILE
`

/** Domains of development servers, which end with them, are left out. */
export function exportConfiguration({ vault }: DomainNeeds): string {
  const passing = new Set(storedRuns.read(vault).map(({ domain }) => domain))
  const lasting = vault.domains.list().filter(({ name }) => !passing.has(name))
  const certificateOf = readOnce((id: string) => vault.certificates.get(id))
  const domains = lasting.map((row) => [row.name, entryOf(row, certificateOf)] as const)
  const file: WrittenConfiguration = { edgekeep: 1, domains: Object.fromEntries(domains) }
  return header + stringify(file, { lineWidth: 0, sortMapEntries: false })
}

function entryOf(row: DomainRow, certificateOf: CertificateReader): WrittenConfiguration['domains'][string] {
  const certificate = row.certificateId ? certificateOf(row.certificateId) : undefined
  return {
    origin: row.origin,
    https: row.httpsState,
    certificate: certificate ? { name: certificate.name, sha256: certificate.fingerprintSha256 } : null,
    redirect: row.redirect,
    ...(row.tags.length > 0 ? { tags: row.tags } : {}),
    policies: setPoliciesOf(row.policies),
  }
}

/**
 * Plans the import of `text`.
 * @throws `configuration.malformed`, and the errors of an invalid domain or origin
 */
export async function* planConfiguration(
  parts: DomainNeeds,
  { text }: { text: string },
  signal?: AbortSignal,
): AsyncGenerator<PlanEvent> {
  const { plan } = yield* planInTurns(parts, text, signal)
  yield { type: 'done', plan }
}

/**
 * Applies the plan in one change, unless the caller has left before it: at Ctrl-C all is imported or nothing.
 * @throws `configuration.outdated` if the configuration has changed since, `certificate.worse`
 */
export async function* applyConfiguration(
  parts: DomainNeeds,
  { text, ...accepted }: { text: string } & Accepted,
  signal?: AbortSignal,
): AsyncGenerator<ApplyEvent> {
  const planned = yield* planInTurns(parts, text, signal)
  const effect = await storePlan(parts, planned, accepted)
  yield { type: 'done', plan: planned.plan, effect }
}

/** Plans a turn of the event loop at a time: other calls are served, and a caller is seen to leave. */
async function* planInTurns(
  parts: DomainNeeds,
  text: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ConfigurationProgress, Planned> {
  const steps = planInSteps(parts, readConfiguration(text))
  for (;;) {
    const { done, value } = steps.next()
    await others()
    signal?.throwIfAborted()
    if (done) return value
    yield value
  }
}

/** Version of the plan that a person has seen, and what they accept of it. */
interface Accepted {
  version: number
  acceptWorse: boolean
}

/** Applies a file in one change, to which `also` belongs. @throws as `applyConfiguration` */
export async function applyFile(
  parts: DomainNeeds,
  file: ConfigurationFile,
  { also, ...accepted }: Accepted & { also?: () => void },
): Promise<{ plan: ConfigurationPlan; effect: Effect }> {
  const planned = planOf(parts, file)
  return { plan: planned.plan, effect: await storePlan(parts, planned, accepted, also) }
}

/** Stores a plan, if the configuration is still the one that it was made for. */
async function storePlan(
  parts: DomainNeeds,
  { plan, rows }: Planned,
  { version, acceptWorse }: Accepted,
  also = () => undefined as void,
): Promise<Effect> {
  const isCurrent = plan.version === version && parts.vault.configurationVersion() === version
  if (!isCurrent) throw new EdgekeepError('configuration.outdated', {})
  const [worst] = plan.worse
  if (worst && !acceptWorse) requireNoProblem(worst.name, worst.problems)
  const { effect } = await commit(parts, () => {
    also()
    const certificateOf = readOnce((id: string) => parts.vault.certificates.get(id))
    const swaps = rows.flatMap(({ row }) => takeOver(parts, row, certificateOf))
    const record = {
      action: 'configuration.import',
      subject: 'configuration',
      before: null,
      after: plan.differences,
    }
    return { record: [record, ...swaps] }
  })
  return effect
}

/** Stores a row and returns the audit entry of a swap for the domain's history; inside a change. */
export function takeOver(
  parts: DomainNeeds,
  { name, patch }: WantedRow['row'],
  certificateOf?: CertificateReader,
): ChangeRecord[] {
  const { domains } = parts.vault
  const current = domains.get(name)
  if (current) domains.update(name, patch)
  else domains.insert({ name, ...patch })
  const before = httpsFacts(parts, current ?? { httpsState: 'off', certificateId: null }, certificateOf)
  const after = httpsFacts(parts, patch, certificateOf)
  if (before.certificate?.fingerprintSha256 === after.certificate?.fingerprintSha256) return []
  return [{ action: 'https.import', subject: name, before, after }]
}

/**
 * Parses YAML, which includes JSON.
 * @throws `configuration.malformed` with line and reason
 */
function readConfiguration(text: string): ConfigurationFile {
  return validated(configurationFileSchema, readConfigurationText(text))
}

/** @throws `configuration.malformed` with the first invalid field, and its line where `text` is given */
export function validated<S extends z.ZodType>(schema: S, read: unknown, text?: string): z.output<S> {
  const parsed = schema.safeParse(read)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : ''
  const place = text === undefined ? undefined : { line: lineOf(text, issue?.path ?? []) }
  const reason = `${where}${issue?.message ?? 'it is empty'}`
  throw new EdgekeepError('configuration.malformed', { place, reason })
}

/** Line of the field at `path`, or of the nearest around it that is there. */
function lineOf(text: string, path: readonly PropertyKey[]): number {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false })
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return lineAt(text, node.range[0])
  }
  return 1
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/**
 * Parses a configuration file. Refuses aliases, because a few of them make a huge document of a small file.
 * @throws EdgekeepError `configuration.malformed`
 */
export function readConfigurationText(text: string): unknown {
  const [document, ...others] = documentsIn(text)
  if (others.length > 0) throw malformed(undefined)
  return document
}

function documentsIn(text: string): unknown[] {
  try {
    return jsYaml.loadAll(text, { schema: jsYaml.CORE_SCHEMA, maxAliases: 0 })
  } catch (error) {
    throw malformed(error instanceof jsYaml.YAMLException ? error.mark?.line : undefined, error)
  }
}

/** `line` counts from 0. */
function malformed(line: number | undefined, cause?: unknown): EdgekeepError {
  const place = line === undefined ? undefined : { line: line + 1 }
  return new EdgekeepError(
    'configuration.malformed',
    { place, reason: 'it is neither YAML nor JSON' },
    { cause },
  )
}
