import type { Domain, Effect } from '../../contract/domains/domains.ts'
import type {
  StoredPolicies,
  Policies,
  PolicyChanges,
  PolicySection,
} from '../../contract/domains/policies.ts'
import type { TlsChanges } from '../../contract/domains/tls-policy.ts'
import type { DomainRow } from '../vault/vault.ts'
import { refuseEditConflict } from './edit-conflict.ts'
import { withCleanAnchors } from './client-anchors.ts'
import { type ChangeRecord, commit } from '../core/commit.ts'
import { domainRow } from './domains.ts'
import { normaliseOrigins } from './origin.ts'
import type { DomainNeeds } from './needs.ts'
import { hashGivenPasswords, storedAccess, shownPolicies } from './policy-passwords.ts'
import { checkPolicies, checkPreload } from './policy-faults.ts'
import { domainViews } from './views.ts'

interface ChangedPolicies {
  domains: Domain[]
  effect: Effect
}

/**
 * Sets whole sections for all of `inputs` or for none.
 * @throws `domain.invalid`, `domain.not_found`, `domain.changed_meanwhile`, `policy.invalid`,
 *   `policy.anchors_missing`, `policy.anchor_unusable`
 */
export async function setPolicies(
  parts: DomainNeeds,
  inputs: string[],
  given: PolicyChanges,
  read?: Partial<Policies>,
): Promise<ChangedPolicies> {
  const changes = checkedPolicies(parts, given)
  rowsOf(parts, inputs)
  const hashes = await hashGivenPasswords(changes.access)
  const { access, ...plain } = changes
  for (const row of rowsOf(parts, inputs)) refuseEditConflict(parts, row, { policies: read })
  return store(parts, inputs, Object.keys(changes) as PolicySection[], (row) => ({
    ...row.policies,
    ...plain,
    ...(access ? { access: storedAccess(access, row, hashes) } : {}),
  }))
}

/**
 * Partial update of the TLS section for all of `inputs` or for none.
 * @throws `domain.invalid`, `domain.not_found`, `policy.anchors_missing`, `policy.anchor_unusable`
 */
export async function changeTls(
  parts: DomainNeeds,
  inputs: string[],
  changes: TlsChanges,
): Promise<ChangedPolicies> {
  return store(parts, inputs, ['tls'], ({ policies }) => ({
    ...policies,
    tls: withCleanAnchors({ ...policies.tls, ...changes }),
  }))
}

/**
 * Copies sections of `from` to `inputs`, passwords included; by default all sections but the further origins
 * and routes, which belong to its own site.
 */
export async function copyPolicies(
  parts: DomainNeeds,
  from: string,
  inputs: string[],
  sections?: PolicySection[],
): Promise<ChangedPolicies> {
  const source = domainRow(parts, from).policies
  const all = Object.keys(source) as PolicySection[]
  const copied = sections ?? all.filter((section) => section !== 'origins')
  return store(parts, inputs, copied, ({ policies }) => ({ ...policies, ...only(copied, source) }))
}

async function store(
  parts: DomainNeeds,
  inputs: string[],
  sections: PolicySection[],
  wantedFor: (row: DomainRow) => StoredPolicies,
): Promise<ChangedPolicies> {
  const wanted = rowsOf(parts, inputs).map((row) => ({ row, policies: wantedFor(row) }))
  for (const { row, policies } of wanted) if (sections.includes('hsts')) checkPreload(row.name, policies)
  const { effect } = await commit(parts, () => {
    const record = wanted.map(({ row, policies }) => {
      parts.vault.domains.update(row.name, { policies })
      return { action: 'domain.policies', subject: row.name, ...recorded(sections, row.policies, policies) }
    })
    return { record }
  })
  const view = domainViews(parts)
  return { domains: wanted.map(({ row }) => view(domainRow(parts, row.name))), effect }
}

function rowsOf(parts: DomainNeeds, inputs: string[]): DomainRow[] {
  const rows = inputs.map((input) => domainRow(parts, input))
  return [...new Map(rows.map((row) => [row.name, row])).values()]
}

/** Policies for the audit trail: that a password changed, but nothing of either. */
function recorded(
  sections: PolicySection[],
  before: StoredPolicies,
  after: StoredPolicies,
): Pick<ChangeRecord, 'before' | 'after'> {
  const shown = [before, after].map((policies) => only(sections, shownPolicies(policies)))
  const had = new Map(before.access.users?.map(({ name, passwordHash }) => [name, passwordHash]))
  const renewed = (after.access.users ?? []).filter(
    ({ name, passwordHash }) => had.has(name) && had.get(name) !== passwordHash,
  )
  const newPasswords = sections.includes('access') ? renewed.map(({ name }) => name) : []
  return {
    before: shown[0] ?? null,
    after: { ...shown[1], ...(newPasswords.length > 0 ? { newPasswords } : {}) },
  }
}

/** Validates sections and returns them in their stored form. */
export function checkedPolicies<P extends PolicyChanges>(parts: DomainNeeds, given: P): P {
  checkPolicies(given)
  const { tls, origins } = given
  return {
    ...given,
    ...(tls && { tls: withCleanAnchors(tls) }),
    ...(origins && { origins: normaliseOrigins(parts, origins) }),
  }
}

function only<P extends Policies | StoredPolicies>(sections: PolicySection[], policies: P): Partial<P> {
  return Object.fromEntries(sections.map((section) => [section, policies[section]])) as Partial<P>
}
