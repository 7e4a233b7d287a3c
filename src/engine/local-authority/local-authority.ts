import type { SecretBytes } from '../../domain/secret-bytes.ts'
import { certificateInPem, chainFromPem, readCertificate } from '../../pki/facts/certificate.ts'
import { toPem } from '../../pki/formats/convert.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import { pkcs8Pem, vouchesForClients } from '../../pki/issue/authority-certificates.ts'
import { leafDays } from '../../pki/issue/issue.ts'
import { newLeafKey } from '../../pki/issue/leaf-keys.ts'
import { readLeafNames } from '../../pki/issue/leaf-names.ts'
import { chainOf, type LeafTemplate, signLeaf } from '../../pki/issue/leaf.ts'
import type { AuthorityGeneration, IssuedRow } from '../vault/vault.ts'
import { requireValidRoot } from '../core/root-validity.ts'
import { type IssuingParts, newGeneration, renewIntermediate } from './generations.ts'
import { nextSuffixes } from '../certificates/authority-scope.ts'

const dayMs = 86_400_000

/**
 * Issues a free certificate with a new P-256 key, which the caller owns.
 * @throws `authority.name_outside` for a name outside the authority's constraints
 */
export function issueFree(parts: IssuingParts, names: string[]): Promise<ServableMaterial> {
  return issueServer(parts, names, leafDays * dayMs)
}

/** Month-long certificate for a server of Edgekeep itself, replaced daily. The caller owns the key. */
export function issueForItself(parts: IssuingParts, names: string[]): Promise<ServableMaterial> {
  return issueServer(parts, names, 30 * dayMs)
}

/** Certificate for a temporary name, by default of a day. `forget` removes its record. */
export async function issueForTest(
  parts: IssuingParts,
  name: string,
  lifeMs = dayMs,
): Promise<ServableMaterial & { forget(): void }> {
  const material = await issueServer(parts, [name], lifeMs)
  return { ...material, forget: () => parts.vault.issued.forget(material.leaf.serialHex) }
}

async function issueServer(parts: IssuingParts, names: string[], lifeMs: number): Promise<ServableMaterial> {
  const { publicKey, privateKey } = await newLeafKey('p256')
  const wanted: LeafRequest = { names: readLeafNames(names), usage: 'server', publicKey, lifeMs }
  const chainPem = await signLocally(parts, wanted, { source: 'vault' })
  return materialOf(chainPem, pkcs8Pem(privateKey))
}

export function materialOf(chainPem: string, keyPem: SecretBytes): ServableMaterial {
  return { chainPem, chainDer: chainFromPem(chainPem), leaf: certificateInPem(chainPem).facts, keyPem }
}

export type LeafRequest = Omit<LeafTemplate, 'at' | 'published'>
type SigningRecord = Pick<IssuedRow, 'source'> & { accountId?: string; at?: Date }

/**
 * Signs with the local authority's intermediate, which is created on first use, and records the certificate.
 * The key is decrypted for the signature only. Returns the chain.
 * @throws EdgekeepError `authority.name_outside`, `authority.clients_outside`, `authority.clock_doubtful`,
 *   `authority.not_yet_valid`, `domain.invalid`
 */
export async function signLocally(
  parts: IssuingParts,
  wanted: LeafRequest,
  record: SigningRecord,
): Promise<string> {
  const [chainPem] = await signAllLocally(parts, [wanted], record)
  if (chainPem === undefined) throw new TypeError('A certificate was signed')
  return chainPem
}

/** Like `signLocally` for several, which are recorded in one transaction. Returns the chains in their order. */
export async function signAllLocally(
  parts: IssuingParts,
  wanted: readonly LeafRequest[],
  record: SigningRecord,
): Promise<string[]> {
  const { vault, clock } = parts
  const certificatePem = await readyIntermediate(
    parts,
    wanted.some(({ usage }) => usage !== 'server'),
  )
  const issuerSpkiSha256 = certificateInPem(certificatePem).facts.publicKey.spkiSha256
  const published = parts.publishedOf(issuerSpkiSha256)
  const at = record.at ?? clock()
  const signed = vault.authority.withIntermediateKey((keyPem) =>
    wanted.map((leaf) => signLeaf({ certificatePem, keyPem }, { ...leaf, at, published })),
  )
  const { source, accountId = null } = record
  vault.issued.addAll(
    signed.map((der) => {
      const { serialHex: serial, fingerprintSha256, title, notAfter } = readCertificate(der).facts
      const facts = { serial, issuerSpkiSha256, fingerprintSha256, title, source, accountId, notAfter }
      return { ...facts, certificatePem: toPem(der) }
    }),
  )
  return signed.map((der) => chainOf(der, { certificatePem }))
}

/**
 * The signing authority, created if there is none that can sign.
 * @throws `authority.clock_doubtful`
 */
export async function ensureAuthority(parts: IssuingParts, clients = false): Promise<AuthorityGeneration> {
  const signing = authorityThatSigns(parts)
  if (signing) return signing
  const existing = parts.vault.authority.get()
  const suffixes = nextSuffixes(parts)
  // An early vault's authority was unconstrained; its successor allows TLS clients only if needed.
  const allowsClients = existing?.intermediatePem ? vouchesForClients(existing.certificatePem) : clients
  return newGeneration(parts, { suffixes, clients: allowsClients })
}

/** The current authority, unless it has expired or has no intermediate, as in an early vault. */
export function authorityThatSigns({
  vault,
  clock,
}: Pick<IssuingParts, 'vault' | 'clock'>): AuthorityGeneration | undefined {
  const existing = vault.authority.get()
  return existing?.intermediatePem && validFor(existing.certificatePem, clock()) > 0 ? existing : undefined
}

/** Renews the intermediate before it limits the lifetime of a leaf, or if it is from the future. */
async function readyIntermediate(parts: IssuingParts, clients: boolean): Promise<string> {
  const { intermediatePem, certificatePem } = await ensureAuthority(parts, clients)
  requireValidRoot(parts)
  const at = parts.clock()
  if (intermediatePem === null || isFromFuture(intermediatePem, at)) return renewIntermediate(parts)
  if (validFor(intermediatePem, at) > leafDays || validFor(certificatePem, at) <= leafDays)
    return intermediatePem
  return renewIntermediate(parts)
}

/** True for a certificate made while the clock was ahead, which clients refuse with all that it signs. */
function isFromFuture(certificatePem: string, at: Date): boolean {
  return certificateInPem(certificatePem).notBefore > at.getTime()
}

function validFor(certificatePem: string, at: Date): number {
  return (certificateInPem(certificatePem).notAfter - at.getTime()) / dayMs
}
