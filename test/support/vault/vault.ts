import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import {
  openVault,
  type KeyProtector,
  type NewCertificateRow,
  type Vault,
} from '../../../src/engine/vault/vault.ts'
import { certificateRow } from './vault-rows.ts'

export { certificateRow, exampleOrigin } from './vault-rows.ts'
export const now = new Date('2026-11-24T12:00:00.000Z')

/** An empty folder that only its owner can reach; gone when the test has finished. */
export function temporaryHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-home-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Opens a vault with a key file: a test never touches the keychain of the person who runs it. */
export async function openTestVault(folder: string, protectors?: KeyProtector[]): Promise<Vault> {
  const chosen = protectors ?? [keyFileProtector(folder)]
  const vault = await openVault({ folder, clock: () => now, protectors: chosen })
  onTestFinished(() => vault.close())
  return vault
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

export async function failureOf(act: () => unknown): Promise<unknown> {
  try {
    await act()
  } catch (error) {
    return error
  }
  throw new Error('The call was expected to fail and did not.')
}
