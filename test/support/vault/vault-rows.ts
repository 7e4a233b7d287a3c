import { randomBytes, randomUUID } from 'node:crypto'
import { originDefaults, type Origin } from '../../../src/contract/domains/domains.ts'
import type { NewCertificateRow } from '../../../src/engine/vault/vault.ts'

export const exampleOrigin: Origin = {
  protocol: 'http',
  host: '127.0.0.1',
  httpPort: 3000,
  httpsPort: 3443,
  ...originDefaults,
}

/** Certificate row with arbitrary facts: the vault stores them and reads none. */
export function certificateRow(overrides: Partial<NewCertificateRow> = {}): NewCertificateRow {
  return {
    id: randomUUID(),
    name: 'Shop',
    kind: 'uploaded',
    kept: true,
    title: 'shop.test',
    issuer: 'CN=Example CA',
    dnsNames: ['shop.test', 'www.shop.test'],
    ipNames: [],
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2027-01-01T00:00:00.000Z',
    fingerprintSha256: randomBytes(32).toString('hex'),
    spkiSha256: randomBytes(32).toString('hex'),
    keyType: 'EC P-256',
    rootPem: null,
    chainPem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    ...overrides,
  }
}
