import type { Domain, Effect, Origin, Redirect } from '../../contract/domains.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { normaliseDomain } from '../pki/names.ts'
import type { DomainPatch, DomainRow } from '../vault/vault.ts'
import { eraseIfUnused } from './certificates.ts'
import { commit } from './commit.ts'
import { normaliseOrigin } from './origin.ts'
import type { EngineParts } from './parts.ts'
import { certificateLookup, domainView } from './views.ts'

export interface ChangedDomain {
  domain: Domain
  effect: Effect
}

export function listDomains(parts: EngineParts): Domain[] {
  const certificates = certificateLookup(parts)
  return parts.vault.domains.list().map((row) => domainView(row, certificates))
}

/** The row of a domain as the caller wrote its name. Throws `domain.invalid`, `domain.not_found`. */
export function domainRow(parts: EngineParts, input: string): DomainRow {
  const name = normaliseDomain(input)
  const row = parts.vault.domains.get(name)
  if (!row) throw new EdgekeepError('domain.not_found', { name })
  return row
}

export function getDomain(parts: EngineParts, input: string): Domain {
  return domainView(domainRow(parts, input), certificateLookup(parts))
}

export async function addDomain(parts: EngineParts, input: string, origin: Origin): Promise<ChangedDomain> {
  const name = normaliseDomain(input)
  if (parts.vault.domains.get(name)) throw new EdgekeepError('domain.exists', { name })
  const row = { name, origin: normaliseOrigin(origin) }
  return changeDomain(parts, name, () => parts.vault.domains.insert(row))
}

export function setOrigin(parts: EngineParts, input: string, origin: Origin): Promise<ChangedDomain> {
  const { name } = domainRow(parts, input)
  return updateDomain(parts, name, { origin: normaliseOrigin(origin) })
}

/** Throws `domain.https_off` for a redirect to HTTPS on a domain that does not serve it. */
export function setRedirect(parts: EngineParts, input: string, redirect: Redirect): Promise<ChangedDomain> {
  const row = domainRow(parts, input)
  if (redirect.mode !== 'none' && row.httpsState === 'off') {
    throw new EdgekeepError('domain.https_off', { name: row.name })
  }
  return updateDomain(parts, row.name, { redirect })
}

/** Removes the domain and what only it used. Answers with the names of the certificates erased. */
export async function removeDomain(
  parts: EngineParts,
  input: string,
): Promise<{ erased: string[]; effect: Effect }> {
  const row = domainRow(parts, input)
  const { touched, effect } = await commit(parts, () => {
    parts.vault.domains.remove(row.name)
    const { erased, left } = eraseIfUnused(parts, [row.certificateId, row.previousCertificateId])
    return {
      erased: erased.map((certificate) => certificate.name),
      removedDomains: [row.name],
      removedCertificates: erased.map((certificate) => certificate.id),
      certificates: left.map((certificate) => certificate.id),
    }
  })
  return { erased: touched.erased, effect }
}

function updateDomain(parts: EngineParts, name: string, patch: DomainPatch): Promise<ChangedDomain> {
  return changeDomain(parts, name, () => parts.vault.domains.update(name, patch))
}

async function changeDomain(parts: EngineParts, name: string, act: () => void): Promise<ChangedDomain> {
  const { effect } = await commit(parts, () => {
    act()
    return { domains: [name] }
  })
  return { domain: getDomain(parts, name), effect }
}
