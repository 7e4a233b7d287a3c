import type { Domain, ServedCertificate } from '../../contract/domains/domains.ts'
import { hostNamesOf } from '../../domain/covered-names.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { coversDomain } from '../../pki/x509/host-names.ts'
import { certificateViews, servedCertificates } from '../certificates/views.ts'
import { publishRows } from '../core/live.ts'
import type { DomainRow } from '../vault/vault.ts'
import type { DomainNeeds } from './needs.ts'
import { shownPolicies } from './policy-passwords.ts'

/** Converts rows of domains to the contract's form; reads each certificate once, or all together for a list. */
export function domainViews(parts: DomainNeeds, { isList = false } = {}): (row: DomainRow) => Domain {
  const summary: (id: string) => ServedCertificate | undefined = isList
    ? servedCertificates(parts)
    : certificateViews(parts)
  return (row) => {
    const certificate = row.certificateId ? summary(row.certificateId) : undefined
    const previous = row.previousCertificateId ? summary(row.previousCertificateId) : undefined
    return {
      name: row.name,
      displayName: readableName(row.name),
      origin: row.origin,
      originStates: parts.originStates.get(row.name) ?? [],
      https: {
        state: row.httpsState,
        outage: parts.outages.get(row.name) ?? null,
        certificate: certificate ?? null,
        previousCertificate: previous ? { id: previous.id, name: previous.name } : null,
        nameCovered: certificate ? coversDomain(hostNamesOf(certificate), row.name) : null,
        stapling:
          row.httpsState === 'on' && row.certificateId && row.policies.tls.ocspStapling
            ? (parts.stapling?.state(row.certificateId) ?? null)
            : null,
      },
      redirect: row.redirect,
      policies: shownPolicies(row.policies),
      tags: row.tags,
      lastCheck: row.lastCheck,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    }
  }
}

/** Publishes the views of changed domains, and of those that show a changed certificate, to subscribers. */
export function publishDomains(parts: DomainNeeds): void {
  const { vault, topics } = parts
  topics.rowsShown.follow(({ domains, certificates }) => {
    const view = domainViews(parts)
    const showing = certificates.flatMap((id) => vault.certificates.shownBy(id))
    publishRows(topics.domains, new Set([...domains, ...showing]), (name) => {
      const row = vault.domains.get(name)
      return row && view(row)
    })
  })
}
