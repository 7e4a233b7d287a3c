import { isDeepStrictEqual } from 'node:util'
import type { Domain, ServedCertificate } from '../../contract/domains/domains.ts'
import type { ListedDomain } from '../../contract/domains/listed-domain.ts'
import { hostNamesOf } from '../../domain/covered-names.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { coversDomain } from '../../pki/x509/host-names.ts'
import { certificateViews, servedCertificates } from '../certificates/views.ts'
import { publishRows } from '../core/live.ts'
import type { DomainRow, StoredCheck } from '../vault/vault.ts'
import type { DomainNeeds } from './needs.ts'
import { setPoliciesOf, shownPolicies } from './policy-passwords.ts'
import { portFacts } from './port-steps.ts'

/** Converts a row to the contract's form; reads each certificate once. */
export function domainViews(parts: DomainNeeds): (row: DomainRow) => Domain {
  const view = viewWith(parts, certificateViews(parts))
  return (row) => ({ ...view(row), policies: shownPolicies(row.policies) })
}

/** Converts rows for a list; reads the certificates together. */
export function listedDomainViews(parts: DomainNeeds): (row: DomainRow) => ListedDomain {
  const view = viewWith(parts, servedCertificates(parts))
  return (row) => ({ ...view(row), policies: setPoliciesOf(row.policies) })
}

function viewWith(
  parts: DomainNeeds,
  certificateOf: (id: string) => ServedCertificate | undefined,
): (row: DomainRow) => Omit<Domain, 'policies'> {
  const ports = portFacts(parts)
  return (row) => {
    const certificate = row.certificateId ? certificateOf(row.certificateId) : undefined
    const previous = row.previousCertificateId ? certificateOf(row.previousCertificateId) : undefined
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
      tags: row.tags,
      lastCheck: row.lastCheck && checkView(row.lastCheck, ports),
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    }
  }
}

/** Without an edge here nothing is known to have changed. */
function checkView(
  { at, ok, summary, ports }: StoredCheck,
  now: StoredCheck['ports'] | null,
): NonNullable<Domain['lastCheck']> {
  return { at, ok, summary, portsChanged: now !== null && !isDeepStrictEqual(ports, now) }
}

/** Publishes the views of changed domains, and of those that show a changed certificate, to subscribers. */
export function publishDomains(parts: DomainNeeds): void {
  const { vault, topics } = parts
  topics.rowsShown.follow(({ domains, certificates }) => {
    const view = viewWith(parts, certificateViews(parts))
    const showing = certificates.flatMap((id) => vault.certificates.shownBy(id))
    publishRows(topics.domains, new Set([...domains, ...showing]), (name) => {
      const row = vault.domains.get(name)
      return row && { ...view(row), policies: setPoliciesOf(row.policies) }
    })
  })
  followPorts(parts)
}

/** Publishes the verified domains where the ports that their verifications depend on change. */
function followPorts(parts: DomainNeeds): void {
  const { vault, topics } = parts
  let ports = portFacts(parts)
  topics.statusChanged.follow(() => {
    const now = portFacts(parts)
    if (now === null || isDeepStrictEqual(now, ports)) return
    ports = now
    const domains = vault.domains.list().flatMap(({ name, lastCheck }) => (lastCheck ? [name] : []))
    topics.rowsShown.publish({ domains, certificates: [], usedCertificates: [] })
  })
}
