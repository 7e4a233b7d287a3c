import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Origin } from '../../src/contract/domains.ts'
import { keyFileProtector } from '../../src/engine/vault/key-protector/key-file.ts'
import {
  openVault,
  type KeyProtector,
  type NewCertificateRow,
  type Vault,
} from '../../src/engine/vault/vault.ts'

export const NOW = new Date('2026-11-24T12:00:00.000Z')

/** An empty folder that only its owner can reach; gone when the test has finished. */
export function temporaryHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-home-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A vault with a key file (a test never touches the keychain of whoever runs it). */
export async function openTestVault(folder: string, protectors?: KeyProtector[]): Promise<Vault> {
  const chosen = protectors ?? [keyFileProtector(folder)]
  const vault = await openVault({ folder, clock: () => NOW, protectors: chosen })
  onTestFinished(() => vault.close())
  return vault
}

export const exampleOrigin: Origin = {
  protocol: 'http',
  host: '127.0.0.1',
  httpPort: 3000,
  httpsPort: 3443,
  hostHeader: null,
  sni: null,
  verify: true,
}

/** A certificate row with facts that need not be true: the vault stores them and reads none. */
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
    chainPem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    ...overrides,
  }
}

/** Adds a certificate with a sealed key, as one change. */
export function addCertificate(
  vault: Vault,
  keyPem: Buffer,
  overrides: Partial<NewCertificateRow> = {},
): NewCertificateRow {
  const row = certificateRow(overrides)
  vault.change(() => {
    vault.certificates.insert(row)
    vault.keys.sealKey(row.id, row.spkiSha256, keyPem)
  })
  return row
}

/** Names of the files in `folder` that hold one of the byte strings. */
export function filesHolding(folder: string, needles: readonly Buffer[]): string[] {
  return readdirSync(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name))
    return needles.some((needle) => bytes.includes(needle))
  })
}

/** The failure of a call that is expected to fail. */
export async function failureOf(act: () => unknown): Promise<unknown> {
  try {
    await act()
  } catch (error) {
    return error
  }
  throw new Error('The call was expected to fail and did not.')
}
