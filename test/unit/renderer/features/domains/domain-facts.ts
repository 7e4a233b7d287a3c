import {
  originDefaults,
  type CertificateSummary,
  type Domain,
} from '../../../../../src/contract/domains/domains.ts'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'

/** Domain as in the contract, by default with HTTPS off. */
export function domainFacts(over: Partial<Domain> = {}): Domain {
  return {
    name: 'shop.test',
    displayName: 'shop.test',
    origin: {
      protocol: 'http',
      host: '127.0.0.1',
      httpPort: 3000,
      httpsPort: 443,
      ...originDefaults,
    },
    https: { ...httpsOff, state: 'off' },
    originStates: [],
    redirect: { mode: 'none', code: 301 },
    policies: defaultPolicies,
    tags: [],
    lastCheck: null,
    createdAt: '2026-11-20T10:00:00.000Z',
    updatedAt: '2026-11-24T10:00:00.000Z',
    ...over,
  }
}

export function httpsOn(
  certificate: CertificateSummary,
  over: Partial<Domain['https']> = {},
): Domain['https'] {
  return { ...httpsOff, state: 'on', certificate, ...over }
}

const httpsOff = {
  outage: null,
  certificate: null,
  previousCertificate: null,
  nameCovered: null,
  stapling: null,
} as const

export function certificateFacts(id: string, over: Partial<CertificateSummary> = {}): CertificateSummary {
  return {
    id,
    name: id,
    kind: 'uploaded',
    kept: false,
    title: 'shop.test',
    issuer: 'CN=Test authority',
    dnsNames: ['shop.test'],
    ipNames: [],
    notBefore: '2026-11-01T00:00:00.000Z',
    notAfter: '2027-02-01T00:00:00.000Z',
    fingerprintSha256: 'aa',
    spkiSha256: 'bb',
    keyType: 'EC P-256',
    addedAt: '2026-11-01T00:00:00.000Z',
    usedBy: [],
    note: '',
    owner: '',
    tags: [],
    expiry: 'ok',
    covering: true,
    revoked: null,
    renewal: null,
    ...over,
  }
}
