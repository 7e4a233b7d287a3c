import type {
  ConfigurationFile,
  ConfigurationPlan,
  ConfigurationProgress,
  Difference,
} from '../../contract/domains/configuration.ts'
import { redirectDefaults } from '../../contract/domains/domains.ts'
import { folderOriginDefaults, originDefaults } from '../../contract/domains/origins.ts'
import { defaultPolicies, type Policies } from '../../contract/domains/policies.ts'
import { hostNamesOf } from '../../domain/covered-names.ts'
import { coversDomain, normaliseDomain } from '../../pki/x509/host-names.ts'
import type { DomainRow } from '../vault/vault.ts'
import { problemsOfSwap } from '../certificates/replacement.ts'
import { normaliseOrigin } from '../domains/origin.ts'
import { checkedPolicies } from '../domains/policies.ts'
import { checkPreload } from '../domains/policy-faults.ts'
import { readOnce } from '../core/read-once.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import { shownPolicies, usersWithPasswords } from '../domains/policy-passwords.ts'

type Patch = Pick<DomainRow, 'origin' | 'httpsState' | 'certificateId' | 'redirect' | 'tags' | 'policies'>

type Entry = ConfigurationFile['domains'][string]

export interface WantedRow {
  row: { name: string; patch: Patch }
  cautions: string[]
}

/**
 * Returns the row that an entry of a file describes, as far as this vault has the certificate.
 * @throws the errors of invalid parts
 */
export function wantedRow(
  parts: DomainNeeds,
  [written, entry]: [written: string, entry: Entry],
  reads = readsOf(parts),
): WantedRow {
  const name = normaliseDomain(written)
  const origin = normaliseOrigin(parts, entry.origin)
  const { certificateId, caution } = certificateFor(reads, name, entry)
  const httpsState = certificateId ? entry.https : 'off'
  const redirect =
    httpsState === 'off' ? ({ mode: 'none', code: entry.redirect.code } as const) : entry.redirect
  const { policies, caution: unknownUsers } = policiesFor(parts, reads, name, entry)
  const patch = {
    origin,
    httpsState,
    certificateId: httpsState === 'off' ? null : certificateId,
    redirect,
    tags: [...new Set(entry.tags)],
    policies,
  }
  return { row: { name, patch }, cautions: [caution, unknownUsers].filter((one) => one !== undefined) }
}

/** The file has no passwords: users keep the domain's, and are dropped without one. */
function policiesFor(
  parts: DomainNeeds,
  reads: Reads,
  domain: string,
  entry: Entry,
): { policies: DomainRow['policies']; caution?: string } {
  const policies = checkedPolicies(parts, entry.policies)
  checkPreload(domain, policies)
  const { access } = policies
  const current = reads.domain(domain)?.policies ?? defaultPolicies
  const { users, missing } = usersWithPasswords(access, current)
  const planned = { ...policies, access: { ...access, users } }
  if (missing.length === 0) return { policies: planned }
  return { policies: planned, caution: `No password is known here for ${missing.join(', ')}; set one anew.` }
}

function certificateFor(
  reads: Reads,
  domain: string,
  { https, certificate }: Entry,
): { certificateId: string | null; caution?: string } {
  if (https === 'off') return { certificateId: null }
  const off = 'HTTPS is left off.'
  if (!certificate) return { certificateId: null, caution: `No certificate is named for it. ${off}` }
  const row = reads.fingerprint(certificate.sha256)
  if (!row) return { certificateId: null, caution: `The vault does not hold "${certificate.name}". ${off}` }
  const covers = coversDomain(hostNamesOf(row), domain)
  return covers.ok ? { certificateId: row.id } : { certificateId: null, caution: `${covers.reason} ${off}` }
}

/** Plan of a file, and the rows of it that differ from the vault's. */
export interface Planned {
  plan: ConfigurationPlan
  rows: WantedRow[]
}

const rowsAtOnce = 250

/** Plans a file, and pauses after some of its domains each: `version` of the plan is that of the beginning. */
export function* planInSteps(
  parts: DomainNeeds,
  file: ConfigurationFile,
): Generator<ConfigurationProgress, Planned> {
  const { vault } = parts
  const version = vault.configurationVersion()
  const present = new Map(vault.domains.list().map((row) => [row.name, row]))
  const reads = readsOf(parts, (name) => present.get(name))
  const entries = Object.entries(file.domains)
  const plan: ConfigurationPlan = { version, differences: [], cautions: [], worse: [], untouched: [] }
  const rows: WantedRow[] = []
  const names = new Set<string>()
  for (const [at, entry] of entries.entries()) {
    if (at > 0 && at % rowsAtOnce === 0) yield { type: 'progress', done: at, total: entries.length }
    const wanted = wantedRow(parts, entry, reads)
    const { row, cautions } = wanted
    const differences = differencesOf(reads, row)
    names.add(row.name)
    plan.differences.push(...differences)
    plan.cautions.push(...cautions.map((message) => ({ domain: row.name, message })))
    plan.worse.push(...worseSwap(reads, row))
    if (differences.length > 0) rows.push(wanted)
  }
  plan.untouched = [...present.keys()].filter((name) => !names.has(name))
  return { plan, rows }
}

/** Plans a file at once. */
export function planOf(parts: DomainNeeds, file: ConfigurationFile): Planned {
  const steps = planInSteps(parts, file)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

type Reads = ReturnType<typeof readsOf>

/** Rows of the vault, each read once, and the problems of each swap, found once: many domains share certificates. */
function readsOf(parts: DomainNeeds, domain = (name: string) => parts.vault.domains.get(name)) {
  const { certificates } = parts.vault
  const certificate = readOnce((id: string) => certificates.get(id))
  const problemsFrom = readOnce((from: string | null) =>
    readOnce((to: string) => {
      const row = certificate(to)
      return row ? problemsOfSwap(parts, from === null ? undefined : certificate(from), { row }) : []
    }),
  )
  return {
    domain,
    certificate,
    fingerprint: readOnce((sha256: string) => certificates.findByFingerprint(sha256)),
    problems: (from: string | null, to: string) => problemsFrom(from)(to),
  }
}

function worseSwap(reads: Reads, { name: domain, patch }: WantedRow['row']): ConfigurationPlan['worse'] {
  if (patch.certificateId === null) return []
  const row = reads.certificate(patch.certificateId)
  const problems = reads.problems(reads.domain(domain)?.certificateId ?? null, patch.certificateId)
  return row && problems.length > 0 ? [{ domain, name: row.name, problems }] : []
}

function differencesOf(reads: Reads, { name: domain, patch }: WantedRow['row']): Difference[] {
  const current = reads.domain(domain)
  const after = shown(reads, patch)
  if (!current) return [{ domain, kind: 'add', field: '', before: null, after: withoutDefaults(after) }]
  const before = shown(reads, current)
  return Object.keys(after).flatMap((field) =>
    before[field] === after[field]
      ? []
      : [
          {
            domain,
            kind: 'change' as const,
            field,
            before: before[field] ?? null,
            after: after[field] ?? null,
          },
        ],
  )
}

const defaultFields: Fields = {
  ...prefixed('origin', { ...originDefaults, ...folderOriginDefaults }),
  https: 'off',
  certificate: null,
  ...prefixed('redirect', redirectDefaults),
  tags: '',
  ...policyFields(shownPolicies(defaultPolicies)),
}

/** Drops the fields of a new domain that equal their defaults. */
function withoutDefaults(fields: Fields): Fields {
  const own = Object.entries(fields).filter(([field, value]) => value !== defaultFields[field])
  return Object.fromEntries(own)
}

type Fields = Record<string, string | number | boolean | null>

/** Flattens a row, so that each difference is one field: `origin.httpPort`, `https`, `certificate`. */
function shown(reads: Reads, row: Patch): Fields {
  const certificate = row.certificateId ? reads.certificate(row.certificateId) : undefined
  return {
    ...prefixed('origin', row.origin),
    https: row.httpsState,
    certificate: certificate ? `${certificate.name} (${certificate.fingerprintSha256.slice(0, 16)})` : null,
    ...prefixed('redirect', row.redirect),
    tags: row.tags.join(', '),
    ...policyFields(shownPolicies(row.policies)),
  }
}

/** `policies.hsts.days`; a list is one field, as JSON. */
function policyFields(policies: Policies): Fields {
  const fields = Object.entries(policies).flatMap(([section, values]) =>
    Object.entries<unknown>(values).map(([name, value]) => [
      `policies.${section}.${name}`,
      shownValue(value),
    ]),
  )
  return Object.fromEntries(fields) as Fields
}

function shownValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

function prefixed<V>(prefix: string, fields: Record<string, V>): Record<string, V> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]))
}
