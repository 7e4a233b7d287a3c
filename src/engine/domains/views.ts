import type { Domain } from '../../contract/domains/domains.ts'
import { hostNamesOf } from '../../domain/covered-names.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { coversDomain } from '../../pki/x509/host-names.ts'
import { certificateViews } from '../certificates/views.ts'
import type { DomainRow } from '../vault/vault.ts'
import type { DomainNeeds } from './needs.ts'
import { shownPolicies } from './policy-passwords.ts'

/** Converts rows of domains to the contract's form; reads each certificate once. */
export function domainViews(parts: DomainNeeds): (row: DomainRow) => Domain {
  const summary = certificateViews(parts)
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
    for (const name of new Set([...domains, ...showing])) {
      const row = vault.domains.get(name)
      topics.domains.publish(row ? { type: 'changed', item: view(row) } : { type: 'removed', key: name })
    }
  })
}
