import { nearest } from '../../contract/text/nearest.ts'
import type { Domain, Effect, Origin, Redirect } from '../../contract/domains/domains.ts'
import type { DomainFilter } from '../../contract/domains/domain-filters.ts'
import { type ListedDomain, wholeDomain } from '../../contract/domains/listed-domain.ts'
import type { RedirectPolicy } from '../../contract/domains/policies.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { compareText, sortByKey } from '../../domain/compare.ts'
import { filtersOfDomain } from '../../domain/list-filters.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import type { DomainRow } from '../vault/vault.ts'
import { eraseIfUnused } from '../certificates/certificates.ts'
import { httpsFacts } from '../certificates/certificate-to-serve.ts'
import { type ChangeRecord, commit } from '../core/commit.ts'
import { refuseEditConflict } from './edit-conflict.ts'
import { normaliseOrigin } from './origin.ts'
import type { Core } from '../core/core.ts'
import type { DomainNeeds } from './needs.ts'
import { domainViews, listedDomainViews } from './views.ts'
import { httpsOff } from '../certificates/authority-scope.ts'

export interface ChangedDomain {
  domain: Domain
  effect: Effect
}

/**
 * Lazy, by name as people read it, so that the first part of a long list is the first page of the window. Only those
 * that pass one of `filters`, if given.
 */
export function listDomains(
  parts: DomainNeeds,
  filters?: readonly DomainFilter[],
): IteratorObject<ListedDomain> {
  const byName = sortByKey(parts.vault.domains.list(), ({ name }) => readableName(name), compareText)
  const domains = byName.values().map(listedDomainViews(parts))
  if (!filters) return domains
  const now = parts.clock()
  return domains.filter((each) =>
    filtersOfDomain(wholeDomain(each), now).some((filter) => filters.includes(filter)),
  )
}

/**
 * Finds a domain by its name as entered.
 * @throws `domain.invalid`, `domain.not_found`
 */
export function domainRow(parts: Pick<Core, 'vault'>, input: string): DomainRow {
  const name = normaliseDomain(input)
  const row = parts.vault.domains.get(name)
  if (row) return row
  const names = parts.vault.domains.list().map((each) => each.name)
  throw new EdgekeepError('domain.not_found', { name, near: nearest(name, names) })
}

export function getDomain(parts: DomainNeeds, input: string): Domain {
  return domainViews(parts)(domainRow(parts, input))
}

export async function addDomain(parts: DomainNeeds, input: string, origin: Origin): Promise<ChangedDomain> {
  const name = normaliseDomain(input)
  if (parts.vault.domains.get(name)) throw new EdgekeepError('domain.exists', { name })
  const row = { name, origin: normaliseOrigin(parts, origin) }
  const record = { action: 'domain.add', subject: name, before: null, after: { origin: row.origin } }
  return changeDomain(parts, record, () => parts.vault.domains.insert(row))
}

export async function setOrigin(
  parts: DomainNeeds,
  input: string,
  origin: Origin,
  read?: Origin,
): Promise<ChangedDomain> {
  const row = domainRow(parts, input)
  refuseEditConflict(parts, row, { origin: read })
  const { name, origin: before } = row
  const after = normaliseOrigin(parts, origin)
  const record = { action: 'domain.origin', subject: name, before, after }
  return changeDomain(parts, record, () => parts.vault.domains.update(name, { origin: after }))
}

/** @throws `domain.https_off` for a redirect to HTTPS on a domain without HTTPS */
export async function setRedirect(
  parts: DomainNeeds,
  input: {
    domain: string
    redirect: Redirect
    policy?: RedirectPolicy
    read?: Redirect
    readPolicy?: RedirectPolicy
  },
): Promise<ChangedDomain> {
  const { redirect, policy, read, readPolicy } = input
  const row = domainRow(parts, input.domain)
  const { name, policies } = row
  refuseEditConflict(parts, row, {
    redirect: read,
    ...(readPolicy ? { policies: { redirect: readPolicy } } : {}),
  })
  if (redirect.mode !== 'none' && row.httpsState === 'off') {
    throw httpsOff(parts, name)
  }
  const record = { action: 'domain.redirect', subject: name, before: row.redirect, after: redirect }
  if (!policy) return changeDomain(parts, record, () => parts.vault.domains.update(name, { redirect }))
  const excluded = {
    action: 'domain.policies',
    subject: name,
    before: { redirect: policies.redirect },
    after: { redirect: policy },
  }
  const { effect } = await commit(parts, () => {
    parts.vault.domains.update(name, { redirect, policies: { ...policies, redirect: policy } })
    return { record: [excluded, record] }
  })
  return { domain: getDomain(parts, name), effect }
}

/**
 * Removes the domain and the certificates that only it used. Returns the names of the erased certificates.
 * `also` belongs to the same change.
 */
export async function removeDomain(
  parts: DomainNeeds,
  input: string,
  also: () => void = () => undefined,
): Promise<{ erased: string[]; effect: Effect }> {
  const row = domainRow(parts, input)
  const { done, effect } = await commit(parts, () => {
    also()
    parts.vault.domains.remove(row.name)
    const { erased, records } = eraseIfUnused(parts, [row.certificateId, row.previousCertificateId])
    const before = { origin: row.origin, certificate: httpsFacts(parts, row).certificate }
    return {
      record: [{ action: 'domain.remove', subject: row.name, before, after: null }, ...records],
      erased: erased.map((certificate) => certificate.name),
    }
  })
  parts.findings.clear(row.name)
  return { erased: done.erased, effect }
}

async function changeDomain(
  parts: DomainNeeds,
  record: ChangeRecord,
  act: () => void,
): Promise<ChangedDomain> {
  const { effect } = await commit(parts, () => {
    act()
    return { record }
  })
  return { domain: getDomain(parts, record.subject), effect }
}
