import type { ConfigurationFile } from '../../contract/domains/configuration.ts'
import type { Effect } from '../../contract/domains/domains.ts'
import { EdgekeepError, problemOf } from '../../contract/errors/registry.ts'
import type { ImportPlan, ImportSetup } from '../../contract/imports/imports.ts'
import { validityAt } from '../../domain/validity.ts'
import { shortDate } from '../../pki/facts/format-time.ts'
import { createGathering, type Gathered } from '../../pki/intake/gathering.ts'
import type { InputFile } from '../../pki/intake/intake.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { failureOf, keepOne, type Pair, readInto } from '../certificates/import-many.ts'
import { takeOver } from '../configuration/configuration.ts'
import { wantedRow } from '../configuration/configuration-plan.ts'
import { type ChangeRecord, commit } from '../core/commit.ts'
import { gcAtEnd } from '../core/schedule-gc.ts'
import type { DomainNeeds } from '../domains/needs.ts'

/** Subject of the audit entries of imports. */
export const importSubject = 'import'

export type Setup = Omit<ImportSetup, 'files'> & { files: (() => Promise<InputFile[]>)[] }
type PlannedDomain = ImportPlan['domains'][number]

/** Additions of an import, as its audit entry names them. */
export interface Added {
  domains: { name: string; updatedAt: string }[]
  /** Ids. */
  certificates: string[]
}

/** Ends the transaction of a trial. */
class TrialEnd extends Error {
  readonly plan: ImportPlan
  constructor(plan: ImportPlan) {
    super('The trial of an import ended.')
    this.plan = plan
  }
}

/** The plan is the change itself, rolled back, so the two cannot differ. */
export async function planImport(
  parts: DomainNeeds,
  setup: Setup,
  signal?: AbortSignal,
): Promise<ImportPlan> {
  parts.vault.requireUnlocked()
  return await withFound(setup, signal, (found) => {
    const version = parts.vault.configurationVersion()
    try {
      return parts.vault.change(() => {
        throw new TrialEnd(addAll(parts, setup, { found, version }).plan)
      })
    } catch (error) {
      if (error instanceof TrialEnd) return error.plan
      throw error
    }
  })
}

/**
 * Adds domains and certificates in one change. Domains that exist stay unchanged.
 * @throws `configuration.outdated` if the configuration has changed since the plan
 */
export async function applyImport(
  parts: DomainNeeds,
  setup: Setup & { version: number },
  signal?: AbortSignal,
): Promise<{ plan: ImportPlan; effect: Effect }> {
  parts.vault.requireUnlocked()
  return await withFound(setup, signal, async (found) => {
    const { done, effect } = await commit(parts, () => {
      const version = parts.vault.configurationVersion()
      if (version !== setup.version) throw new EdgekeepError('configuration.outdated', {})
      return addAll(parts, setup, { found, version })
    })
    return { plan: done.plan, effect }
  })
}

async function withFound<T>(
  { files, passphrase }: Setup,
  signal: AbortSignal | undefined,
  use: (found: Gathered[]) => T | Promise<T>,
): Promise<T> {
  using _gc = gcAtEnd()
  using gathering = createGathering(passphrase)
  for (const read of files) await readInto(gathering, read, signal)
  signal?.throwIfAborted()
  return await use(gathering.results())
}

/** Stores all; inside a change. */
function addAll(
  parts: DomainNeeds,
  { source, domains }: Setup,
  { found, version }: { found: Gathered[]; version: number },
): { plan: ImportPlan; record: ChangeRecord[] } {
  const pairs = found.filter((one): one is Pair => one.kind === 'pair')
  const stored = pairs.map((pair) => keepOne(parts, pair))
  const failures = found.filter((one) => one.kind !== 'pair').map(failureOf)
  const results = stored.map(({ result }) => result)
  const added = Object.entries(domains).map((entry) => addOne(parts, entry))
  const names = added.flatMap(({ shown }) => (shown.outcome === 'add' ? [shown.domain] : []))
  const after = {
    source,
    domains: names.map((name) => ({ name, updatedAt: parts.vault.domains.get(name)?.updatedAt ?? '' })),
    certificates: results.flatMap(({ outcome, certificate }) =>
      outcome === 'imported' && certificate ? [certificate.id] : [],
    ),
  }
  const own = { action: 'import.apply', subject: importSubject, before: null, after }
  const others = [...stored, ...added].flatMap(({ record }) => record)
  const plan = {
    version,
    domains: added.map(({ shown }) => shown),
    certificates: [...results, ...failures.filter(({ outcome }) => outcome !== 'skipped')],
  }
  return { plan, record: [own, ...others] }
}

/** A domain that is refused does not stop the others. */
function addOne(
  parts: DomainNeeds,
  [written, entry]: [string, ConfigurationFile['domains'][string]],
): { shown: PlannedDomain; record: ChangeRecord[] } {
  const shown = { domain: written, https: false, cautions: [], problem: null }
  try {
    const domain = normaliseDomain(written)
    if (parts.vault.domains.get(domain)) return { shown: { ...shown, domain, outcome: 'there' }, record: [] }
    const stored = entry.certificate && parts.vault.certificates.findByFingerprint(entry.certificate.sha256)
    // The reason stands with the certificate, or in a note of its files.
    const known = stored ? entry : { ...entry, https: 'off' as const, certificate: null }
    const { row, cautions } = wantedRow(parts, [domain, known])
    const add = { action: 'domain.add', subject: domain, before: null, after: { origin: row.patch.origin } }
    const record = [add, ...takeOver(parts, row)]
    const https = row.patch.httpsState === 'on'
    if (https && stored && validityAt(stored, parts.clock()) === 'expired')
      cautions.push(
        `Its certificate expired on ${shortDate(Date.parse(stored.notAfter))}: no client accepts it.`,
      )
    return { shown: { domain, outcome: 'add', https, cautions, problem: null }, record }
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return { shown: { ...shown, outcome: 'refused', problem: problemOf(error) }, record: [] }
  }
}
