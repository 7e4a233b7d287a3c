import type { z } from 'zod'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Replaced, replaceInputSchema } from '../../contract/certificates/records.ts'
import { hostNamesOf, swapImpact } from '../../domain/covered-names.ts'
import type { CertificateRow } from '../vault/vault.ts'
import { certificateFact, certificateRow, wouldErase } from '../certificates/certificates.ts'
import {
  type CertificateToServe,
  uploadToServe,
  covers,
  nameOf,
  namesOf,
  stored,
  swapOn,
} from '../certificates/certificate-to-serve.ts'
import { problemsOfSwap, requireNoProblem } from '../certificates/replacement.ts'
import { issueAgain } from '../local-authority/issued.ts'
import type { Reissued } from '../../contract/local-authority/local-certificates.ts'
import { commit } from '../core/commit.ts'
import { domainRow } from '../domains/domains.ts'
import type { HttpsNeeds } from './needs.ts'
import type { Staging } from '../inspect/staging.ts'

type Replacement = z.output<typeof replaceInputSchema>

/**
 * Swaps the certificate of its domains: of those that the new one covers, or all or none, in one change.
 * Stores nothing if no domain can use it.
 * @throws `certificate.not_found`, `certificate.worse`, `domain.not_found`, and `input.invalid` for the same certificate
 */
export async function replaceCertificate(
  parts: HttpsNeeds,
  staging: Staging,
  wanted: Replacement,
): Promise<Replaced> {
  const old = certificateRow(parts, wanted.id)
  const source = wanted.with
  if (source.type === 'vault') {
    return replaceWith(parts, old, { row: certificateRow(parts, source.certificateId) }, wanted)
  }
  const replaced = await staging.borrow(source.stagingId, (material) =>
    replaceWith(parts, old, uploadToServe(parts, material, source), wanted),
  )
  if (replaced.effect) staging.end(source.stagingId)
  return replaced
}

async function replaceWith(
  parts: HttpsNeeds,
  old: CertificateRow,
  chosen: CertificateToServe,
  wanted: Replacement,
): Promise<Replaced> {
  const fact = nameOf(chosen)
  if (fact.fingerprintSha256 === old.fingerprintSha256)
    throw new EdgekeepError('input.invalid', { reason: `"${old.name}" is that certificate already.` })
  const domains = outcomes(parts, old, chosen, wanted)
  const going = domains.filter(({ outcome }) => outcome === 'replaced').map(({ domain }) => domain)
  const problems = problemsOfSwap(parts, old, chosen)
  const impact = swapImpact(hostNamesOf(old), namesOf(chosen))
  const answer = { old: certificateFact(old), impact, problems, domains }
  if (wanted.dryRun || going.length === 0) {
    const nextId = 'row' in chosen ? chosen.row.id : null
    const erased = wanted.keepOld ? [] : wouldErase(parts, going, nextId).map(certificateFact)
    return { ...answer, new: fact, erased, effect: null }
  }
  if (!wanted.acceptWorse) requireNoProblem(fact.name, problems)
  const { done, effect } = await commit(parts, () => replaceOn(parts, going, chosen, wanted.keepOld))
  return { ...answer, new: done.fact, erased: done.erased, effect }
}

function outcomes(
  parts: HttpsNeeds,
  old: CertificateRow,
  chosen: CertificateToServe,
  { domains, allOrNothing }: Replacement,
): Replaced['domains'] {
  const asked = domains
    ? [...new Set(domains.map((name) => domainRow(parts, name).name))]
    : parts.vault.certificates.usage(old.id)
  const found = asked.map((domain) => {
    const uses = domainRow(parts, domain).certificateId === old.id
    const outcome = covers(chosen, domain) ? 'replaced' : 'not-covered'
    return { domain, outcome: uses ? outcome : 'not-using' } as const
  })
  const isLeft = allOrNothing && found.some(({ outcome }) => outcome !== 'replaced')
  if (!isLeft) return found
  return found.map(({ domain, outcome }) => ({ domain, outcome: outcome === 'replaced' ? 'left' : outcome }))
}

/** Runs inside the change. */
function replaceOn(parts: HttpsNeeds, domains: string[], chosen: CertificateToServe, keepOld: boolean) {
  const row = stored(parts, chosen)
  const rows = domains.map((name) => domainRow(parts, name))
  const { record, erased } = swapOn(parts, rows, row, { action: 'https.replace', keepOld })
  return { record, erased: erased.map(certificateFact), fact: certificateFact(row) }
}

/** Issues a certificate again and swaps it on the domains of the old one. */
export async function reissueCertificate(
  parts: HttpsNeeds,
  staging: Staging,
  reference: string,
): Promise<Reissued> {
  const { old, certificate } = await issueAgain(parts, reference)
  const domains = parts.vault.certificates.usage(old.id)
  if (domains.length > 0) {
    const source = { type: 'vault', certificateId: certificate.id } as const
    // Shape and authority are those of the old certificate.
    const fixed = { allOrNothing: true, keepOld: false, acceptWorse: true, dryRun: false }
    const wanted = { id: old.id, with: source, ...fixed }
    await replaceCertificate(parts, staging, wanted)
  }
  return { old: certificateFact(old), certificate, domains }
}
