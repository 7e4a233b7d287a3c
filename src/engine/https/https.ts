import { redirectDefaults, type CertificateSource, type SwapImpact } from '../../contract/domains/domains.ts'
import type { PreviewSource } from '../../contract/certificates/https.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { RememberedCertificate } from '../../contract/domains/history.ts'
import { coveringName, hostNamesOf, swapImpact, type HostNames } from '../../domain/covered-names.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { issueFree } from '../local-authority/local-authority.ts'
import { certificateInPem } from '../../pki/facts/certificate.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import type { CertificateRow, DomainRow, RenewalRow } from '../vault/vault.ts'
import {
  certificateFact,
  certificateRow,
  eraseIfUnused,
  releaseOld,
  wouldErase,
} from '../certificates/certificates.ts'
import {
  type CertificateToServe,
  uploadToServe,
  httpsFacts,
  nameOf,
  namesOf,
  swapCertificate,
  stored,
  withErased,
} from '../certificates/certificate-to-serve.ts'
import { problemsOfPromised, problemsOfSwap, requireNoProblem } from '../certificates/replacement.ts'
import { commit } from '../core/commit.ts'
import { type ChangedDomain, domainRow, getDomain } from '../domains/domains.ts'
import { gcAtEnd } from '../core/schedule-gc.ts'
import type { HttpsNeeds } from './needs.ts'
import type { Staging } from '../inspect/staging.ts'
import { outsideScope } from '../../domain/issuing-scope.ts'
import { httpsOff, nextSuffixes } from '../certificates/authority-scope.ts'

/** Turns HTTPS on, resumes it, or swaps the certificate, all or nothing. */
export async function enableHttps(
  parts: HttpsNeeds,
  staging: Staging,
  input: string,
  { source, keepOld, acceptWorse }: { source: CertificateSource; keepOld: boolean; acceptWorse: boolean },
): Promise<EnabledHttps> {
  const domain = domainRow(parts, input)
  const options = { keepOld, acceptWorse }
  const serveIt = (chosen: CertificateToServe) => serveChosen(parts, domain, chosen, options)
  switch (source.type) {
    case 'vault':
      return serveIt({ row: certificateRow(parts, source.certificateId) })
    case 'current':
      return serveIt({ row: currentOf(parts, domain) })
    case 'previous':
      return serveIt({ row: previousOf(parts, domain) })
    case 'free':
      return serveFree(parts, domain, source.names ?? [], options)
    case 'upload':
      return staging.spend(source.stagingId, (material) => serveIt(uploadToServe(parts, material, source)))
  }
}

/** Dry run of `enableHttps` with its checks; nothing is stored, and an upload stays staged. */
export async function previewHttps(
  parts: HttpsNeeds,
  staging: Staging,
  input: string,
  { source, keepOld }: { source: PreviewSource; keepOld: boolean },
): Promise<PreviewedHttps> {
  const domain = domainRow(parts, input)
  const previewOf = (chosen: CertificateToServe) => {
    requireCover(namesOf(chosen), domain.name)
    const row = 'row' in chosen ? chosen.row : null
    return {
      certificate: nameOf(chosen),
      impact: impactOf(parts, domain, namesOf(chosen), row?.id),
      problems: problemsOfSwap(parts, currentRow(parts, domain), chosen),
      erased: keepOld ? [] : wouldErase(parts, [domain.name], row?.id ?? null).map(({ name }) => name),
    }
  }
  switch (source.type) {
    case 'vault':
      return previewOf({ row: certificateRow(parts, source.certificateId) })
    case 'current':
      return previewOf({ row: currentOf(parts, domain) })
    case 'previous':
      return previewOf({ row: previousOf(parts, domain) })
    case 'free':
    case 'order': {
      const issuer = source.type === 'free' ? localIssuer(parts) : undefined
      const names = { dns: freeNames(domain, source.names ?? []), ip: [] }
      const outside = issuer && outsideScope(names.dns, nextSuffixes(parts))
      if (outside) throw outside
      return {
        certificate: null,
        impact: impactOf(parts, domain, names),
        problems: problemsOfPromised(parts, currentRow(parts, domain), { names, issuer }),
        erased: keepOld ? [] : wouldErase(parts, [domain.name], null).map(({ name }) => name),
      }
    }
    case 'upload':
      return staging.borrow(source.stagingId, (material) =>
        Promise.resolve(previewOf(uploadToServe(parts, material, source))),
      )
  }
}

/** Effects of a swap to `nextId` (undefined: not in the vault yet). */
function impactOf(
  parts: HttpsNeeds,
  domain: DomainRow,
  names: HostNames,
  nextId?: string,
): SwapImpact | null {
  const before = currentRow(parts, domain)
  return before && before.id !== nextId ? swapImpact(hostNamesOf(before), names) : null
}

type EnabledHttps = ChangedDomain & { impact: SwapImpact | null; erased: string[] }
type PreviewedHttps = Pick<EnabledHttps, 'impact' | 'erased'> & {
  certificate: RememberedCertificate | null
  problems: string[]
}

/**
 * Whether domains may change to a certificate.
 * @throws `name.not_covered`, `certificate.worse`
 */
export function requireServable(
  parts: HttpsNeeds,
  names: readonly string[],
  chosen: CertificateToServe,
): DomainRow[] {
  const id = 'row' in chosen ? chosen.row.id : null
  const domains = names.map((name) => domainRow(parts, name))
  const changing = domains.filter(({ certificateId }) => id === null || certificateId !== id)
  for (const domain of domains) requireCover(namesOf(chosen), domain.name)
  for (const domain of changing)
    requireNoProblem(nameOf(chosen).name, problemsOfSwap(parts, currentRow(parts, domain), chosen))
  return changing
}

/** Serves domains with a certificate, all in one change, and keeps what they had. @throws as `requireServable` */
export async function serveOnAll(
  parts: HttpsNeeds,
  names: readonly string[],
  chosen: CertificateToServe,
): Promise<void> {
  const changing = requireServable(parts, names, chosen)
  if (changing.length === 0) return
  await commit(parts, () => {
    const row = stored(parts, chosen)
    return { record: changing.flatMap(({ name }) => serve(parts, name, row, { keepOld: true }).record) }
  })
}

/** @throws `name.not_covered`, and `certificate.worse` unless that is accepted */
export async function serveChosen(
  parts: HttpsNeeds,
  domain: DomainRow,
  chosen: CertificateToServe,
  { keepOld, acceptWorse, renewal }: ServeOptions,
): Promise<EnabledHttps> {
  requireCover(namesOf(chosen), domain.name)
  if (!acceptWorse)
    requireNoProblem(nameOf(chosen).name, problemsOfSwap(parts, currentRow(parts, domain), chosen))
  const impact = impactOf(parts, domain, namesOf(chosen), 'row' in chosen ? chosen.row.id : undefined)
  const { done, effect } = await commit(parts, () =>
    serve(parts, domain.name, stored(parts, chosen), { keepOld, renewal }),
  )
  return { domain: getDomain(parts, domain.name), effect, impact, erased: done.erasedNames }
}

interface ServeOptions {
  keepOld: boolean
  acceptWorse: boolean
  renewal?: Omit<RenewalRow, 'certificateId'>
}

async function serveFree(
  parts: HttpsNeeds,
  domain: DomainRow,
  more: string[],
  { keepOld, acceptWorse }: ServeOptions,
): Promise<EnabledHttps> {
  const names = freeNames(domain, more)
  const promised = { names: { dns: names, ip: [] }, issuer: localIssuer(parts) }
  // Before it is issued, so that a refusal leaves no certificate whose key is lost.
  if (!acceptWorse)
    requireNoProblem(domain.name, problemsOfPromised(parts, currentRow(parts, domain), promised))
  const material = await issueFree(parts, names)
  using _gc = gcAtEnd()
  using _key = material.keyPem
  const chosen = { material, kind: 'free', kept: false, name: readableName(domain.name) } as const
  return await serveChosen(parts, domain, chosen, { keepOld, acceptWorse: true })
}

/** Organization of the local authority as its certificates name it. */
function localIssuer({ vault }: HttpsNeeds): { authority: string; trustedBy: string } {
  const existing = vault.authority.get()
  const authority = existing ? certificateInPem(existing.certificatePem).facts.title : 'local authority'
  return { authority, trustedBy: 'local authority' }
}

function freeNames(domain: DomainRow, more: string[]): string[] {
  return [...new Set([domain.name, ...more.map(normaliseDomain)])]
}

/** Undefined while HTTPS is off. */
export function currentRow({ vault }: HttpsNeeds, { certificateId }: DomainRow): CertificateRow | undefined {
  return certificateId === null ? undefined : vault.certificates.get(certificateId)
}

function currentOf(parts: HttpsNeeds, { name, certificateId }: DomainRow): CertificateRow {
  if (!certificateId) throw httpsOff(parts, name)
  return certificateRow(parts, certificateId)
}

function previousOf(parts: HttpsNeeds, { name, previousCertificateId }: DomainRow): CertificateRow {
  if (!previousCertificateId) throw new EdgekeepError('domain.no_previous', { name })
  return certificateRow(parts, previousCertificateId)
}

/** @throws `name.not_covered` */
function requireCover(names: HostNames, domain: string): void {
  if (coveringName(names, domain) !== undefined) return
  const { dns, ip } = names
  throw new EdgekeepError('name.not_covered', { domain, names: [...dns, ...ip] })
}

/**
 * Inside the change: sets a stored certificate for the domain, and releases the certificate that was there for a
 * rollback until now.
 */
function serve(
  parts: HttpsNeeds,
  name: string,
  row: ReturnType<typeof stored>,
  { keepOld, renewal }: { keepOld: boolean; renewal?: Omit<RenewalRow, 'certificateId'> },
) {
  const domain = domainRow(parts, name)
  if (renewal) parts.vault.renewals.put({ certificateId: row.id, ...renewal })
  const record = swapCertificate(parts, domain, row, { action: 'https.enable', state: 'on' })
  const unused = releaseOld(parts, [domain.certificateId, domain.previousCertificateId], keepOld)
  return {
    record: [withErased(record, unused.erased), ...unused.records],
    erasedNames: unused.erased.map((one) => one.name),
  }
}

/** Resumes HTTPS, or turns it on with a free certificate: if the domain has none, or by `isFree` instead of it. */
export function turnOnHttps(parts: HttpsNeeds, input: string, isFree = false): Promise<EnabledHttps> {
  const domain = domainRow(parts, input)
  return isFree || domain.certificateId === null
    ? serveFree(parts, domain, [], { keepOld: isFree, acceptWorse: false })
    : serveChosen(parts, domain, { row: currentOf(parts, domain) }, { keepOld: false, acceptWorse: false })
}

/**
 * Stops serving HTTPS and keeps everything.
 * @throws `domain.https_off`
 */
export async function pauseHttps(parts: HttpsNeeds, input: string): Promise<ChangedDomain> {
  const domain = domainRow(parts, input)
  const { name, httpsState } = domain
  if (httpsState === 'off') throw httpsOff(parts, name)
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
  parts: HttpsNeeds,
  input: string,
): Promise<ChangedDomain & { erased: string[]; kept: string[] }> {
  const domain = domainRow(parts, input)
  const { name, httpsState, certificateId, previousCertificateId } = domain
  if (httpsState === 'off') throw httpsOff(parts, name)
  const before = httpsFacts(parts, domain)
  const { done, effect } = await commit(parts, () => {
    parts.vault.domains.update(name, {
      httpsState: 'off',
      certificateId: null,
      previousCertificateId: null,
      redirect: redirectDefaults,
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
