import type { CertificateSource, SwapImpact } from '../../../contract/domains.ts'
import { EdgekeepError } from '../../../contract/errors.ts'
import { hostNamesOf, swapImpact } from '../../../contract/rules/covered-names.ts'
import { issueFree } from '../../issuing/local-authority.ts'
import { displayDomain, normaliseDomain } from '../../pki/x509/host-names.ts'
import type { CertificateRow, DomainRow } from '../../vault/vault.ts'
import { certificateFact, certificateRow, eraseIfUnused } from '../certificates/certificates.ts'
import {
  type Chosen,
  chosenUpload,
  covers,
  httpsFacts,
  namesOf,
  pointAt,
  stored,
} from '../certificates/chosen.ts'
import { commit } from '../core/commit.ts'
import { type ChangedDomain, domainRow, getDomain } from '../domains/domains.ts'
import { forgetSoon } from '../core/forget-soon.ts'
import type { EngineParts } from '../core/parts.ts'
import type { Staging } from '../staging/staging.ts'

/** Turns HTTPS on, resumes it, or swaps the certificate; nothing is stored unless all of it can be. */
export async function enableHttps(
  parts: EngineParts,
  staging: Staging,
  input: string,
  source: CertificateSource,
): Promise<EnabledHttps> {
  const domain = domainRow(parts, input)
  switch (source.type) {
    case 'vault':
      return serveChosen(parts, domain, { row: certificateRow(parts, source.certificateId) })
    case 'current':
      return serveChosen(parts, domain, { row: currentOf(parts, domain) })
    case 'previous':
      return serveChosen(parts, domain, { row: previousOf(parts, domain) })
    case 'free':
      return serveFree(parts, domain, source.names ?? [])
    case 'upload':
      return staging.spend(source.stagingId, (material) =>
        serveChosen(parts, domain, chosenUpload(parts, material, source)),
      )
  }
}

type EnabledHttps = ChangedDomain & { impact: SwapImpact | null }

async function serveChosen(parts: EngineParts, domain: DomainRow, chosen: Chosen): Promise<EnabledHttps> {
  requireCover(chosen, domain.name)
  const before = domain.certificateId ? parts.vault.certificates.get(domain.certificateId) : undefined
  const { done, effect } = await commit(parts, () => serve(parts, domain.name, chosen))
  const after = done.row
  const impact = before && before.id !== after.id ? swapImpact(hostNamesOf(before), hostNamesOf(after)) : null
  return { domain: getDomain(parts, domain.name), effect, impact }
}

async function serveFree(parts: EngineParts, domain: DomainRow, more: string[]): Promise<EnabledHttps> {
  const names = new Set([domain.name, ...more.map(normaliseDomain)])
  const material = await issueFree(parts, [...names])
  try {
    return await serveChosen(parts, domain, {
      material,
      kind: 'free',
      kept: false,
      name: displayDomain(domain.name),
    })
  } finally {
    material.keyPem.fill(0)
    forgetSoon()
  }
}

function currentOf(parts: EngineParts, { name, certificateId }: DomainRow): CertificateRow {
  if (!certificateId) throw new EdgekeepError('domain.https_off', { name })
  return certificateRow(parts, certificateId)
}

function previousOf(parts: EngineParts, { name, previousCertificateId }: DomainRow): CertificateRow {
  if (!previousCertificateId) throw new EdgekeepError('domain.no_previous', { name })
  return certificateRow(parts, previousCertificateId)
}

function requireCover(chosen: Chosen, domain: string): void {
  if (covers(chosen, domain)) return
  const { dns, ip } = namesOf(chosen)
  throw new EdgekeepError('name.not_covered', { domain, names: [...dns, ...ip] })
}

/** Inside the change: stores what is new, points the domain at it, lets go of the one before the last. */
function serve(parts: EngineParts, name: string, chosen: Chosen) {
  const domain = domainRow(parts, name)
  const row = stored(parts, chosen)
  const record = pointAt(parts, domain, row, { action: 'https.enable', state: 'on' })
  const unused = eraseIfUnused(parts, [domain.certificateId, domain.previousCertificateId])
  return {
    record: [record, ...unused.records],
    row,
  }
}

/** Stops serving HTTPS and keeps everything. Throws `domain.https_off`. */
export async function pauseHttps(parts: EngineParts, input: string): Promise<ChangedDomain> {
  const domain = domainRow(parts, input)
  const { name, httpsState } = domain
  if (httpsState === 'off') throw new EdgekeepError('domain.https_off', { name })
  const before = httpsFacts(parts, domain)
  const record = { action: 'https.pause', subject: name, before, after: { ...before, state: 'paused' } }
  const { effect } = await commit(parts, () => {
    parts.vault.domains.update(name, { httpsState: 'paused' })
    return { record }
  })
  return { domain: getDomain(parts, name), effect }
}

/** Ends HTTPS and erases certificate and key unless they are used elsewhere or kept. */
export async function disableHttps(
  parts: EngineParts,
  input: string,
): Promise<ChangedDomain & { erased: string[]; kept: string[] }> {
  const domain = domainRow(parts, input)
  const { name, httpsState, certificateId, previousCertificateId } = domain
  if (httpsState === 'off') throw new EdgekeepError('domain.https_off', { name })
  const before = httpsFacts(parts, domain)
  const { done, effect } = await commit(parts, () => {
    parts.vault.domains.update(name, {
      httpsState: 'off',
      certificateId: null,
      previousCertificateId: null,
      redirect: { mode: 'none', code: 301 },
    })
    const { erased, left, records } = eraseIfUnused(parts, [certificateId, previousCertificateId])
    const after = { state: 'off', erased: erased.map(certificateFact) }
    return {
      record: [{ action: 'https.disable', subject: name, before, after }, ...records],
      erasedNames: erased.map((row) => row.name),
      keptNames: left.map((row) => row.name),
    }
  })
  return { domain: getDomain(parts, name), effect, erased: done.erasedNames, kept: done.keptNames }
}
