import { originDefaults, type Origin } from '../../../src/contract/domains/domains.ts'
import { defaultPolicies } from '../../../src/contract/domains/policies.ts'
import type { DomainRow } from '../../../src/engine/vault/vault.ts'

const at = '2026-11-29T10:00:00.000Z'

/** Row of shop.test, whose origin is verified over TLS. */
export function domain(changes: Partial<DomainRow> = {}, origin: Partial<Origin> = {}): DomainRow {
  return {
    name: 'shop.test',
    origin: {
      protocol: 'https',
      host: 'origin.test',
      httpPort: 80,
      httpsPort: 8443,
      ...originDefaults,
      ...origin,
    },
    httpsState: 'on',
    certificateId: null,
    previousCertificateId: null,
    redirect: { mode: 'https', code: 308 },
    policies: defaultPolicies,
    tags: [],
    lastCheck: null,
    createdAt: at,
    updatedAt: at,
    ...changes,
  } as DomainRow
}
