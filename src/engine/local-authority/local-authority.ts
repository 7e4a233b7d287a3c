import { X509Certificate } from 'node:crypto'
import { localSuffixes, suffixProblem } from '../../domain/authority-scope.ts'
import { certificateFacts, chainFromPem } from '../../pki/facts/certificate.ts'
import { toPem } from '../../pki/formats/convert.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import { permittedSuffixes, pkcs8Pem, vouchesForClients } from '../../pki/issue/authority-certificates.ts'
import { leafDays } from '../../pki/issue/issue.ts'
import { newLeafKey } from '../../pki/issue/leaf-keys.ts'
import { readLeafNames } from '../../pki/issue/leaf-names.ts'
import { chainOf, type LeafTemplate, signLeaf } from '../../pki/issue/leaf.ts'
import type { AuthorityGeneration, IssuedRow } from '../vault/vault.ts'
import { type IssuingParts, newGeneration, renewIntermediate } from './generations.ts'

const dayMs = 86_400_000

/**
 * A free certificate for `names`, with a key of its own on P-256; the caller zeroes the key.
 * @throws `authority.name_outside` for a name that the authority is not held to
 */
export function issueFree(parts: IssuingParts, names: string[]): Promise<ServableMaterial> {
  return issueServer(parts, names, leafDays * dayMs)
}

/** One for a server of Edgekeep's own, which replaces it each day: it lasts a month. The caller zeroes the key. */
export function issueForItself(parts: IssuingParts, names: string[]): Promise<ServableMaterial> {
  return issueServer(parts, names, 30 * dayMs)
}

/** One for a test of minutes: it lasts a day. `forget` takes it off the record, once its key is gone. */
export async function issueForTest(
  parts: IssuingParts,
  name: string,
): Promise<ServableMaterial & { forget(): void }> {
  const material = await issueServer(parts, [name], dayMs)
  return { ...material, forget: () => parts.vault.issued.forget(material.leaf.serialHex) }
}

async function issueServer(parts: IssuingParts, names: string[], lifeMs: number): Promise<ServableMaterial> {
  const { publicKey, privateKey } = await newLeafKey('p256')
  const wanted: LeafRequest = {
    names: readLeafNames(names),
    usage: 'server',
    publicKey,
    lifeMs,
  }
  const chainPem = await signLocally(parts, wanted, { source: 'vault' })
  return materialOf(chainPem, pkcs8Pem(privateKey))
}

export function materialOf(chainPem: string, keyPem: Buffer): ServableMaterial {
  const chainDer = chainFromPem(chainPem)
  const [leafDer] = chainDer
  if (!leafDer) throw new TypeError('An issued chain has at least its leaf')
  return { chainPem, chainDer, leaf: certificateFacts(leafDer), keyPem }
}

/** What a certificate is to say. */
export type LeafRequest = Omit<LeafTemplate, 'at' | 'published'>

/**
 * Signs with the intermediate of this computer's own authority, which is made on first use; its key is
 * opened for the signature only. What was signed is on record. Answers the chain.
 * @throws EdgekeepError `authority.name_outside`, `authority.clients_outside`, `authority.clock_doubtful`,
 *   `domain.invalid`
 */
export async function signLocally(
  parts: IssuingParts,
  wanted: LeafRequest,
  record: Pick<IssuedRow, 'source'> & { accountId?: string; at?: Date },
): Promise<string> {
  const { vault, clock } = parts
  const certificatePem = await readyIntermediate(parts, wanted.usage !== 'server')
  const issuerSpkiSha256 = spkiOf(certificatePem)
  const published = parts.publishedOf(issuerSpkiSha256)
  const template = { ...wanted, at: record.at ?? clock(), published }
  const der = vault.authority.withIntermediateKey((keyPem) => signLeaf({ certificatePem, keyPem }, template))
  const { serialHex: serial, fingerprintSha256, title, notAfter } = certificateFacts(der)
  const { source, accountId = null } = record
  const facts = { serial, issuerSpkiSha256, fingerprintSha256, title, source, accountId, notAfter }
  vault.issued.add({ ...facts, certificatePem: toPem(der) })
  return chainOf(der, { certificatePem })
}

function spkiOf(certificatePem: string): string {
  const [der] = chainFromPem(certificatePem)
  if (!der) throw new TypeError('An intermediate was made')
  return certificateFacts(der).publicKey.spkiSha256
}

/**
 * The authority that signs, made where there is none that can; the first one as it is needed.
 * @throws `authority.clock_doubtful`
 */
export async function ensureAuthority(parts: IssuingParts, clients = false): Promise<AuthorityGeneration> {
  const signing = authorityThatSigns(parts)
  if (signing) return signing
  const existing = parts.vault.authority.get()
  const suffixes = suffixesOf(existing) ?? [...localSuffixes, ...namesInUse(parts)]
  // One of an early vault vouches for clients as for everything else; its successor only where it must.
  const kept = existing?.intermediatePem ? vouchesForClients(existing.certificatePem) : clients
  return newGeneration(parts, { suffixes, clients: kept })
}

/** The authority of now, where it is none of an early vault and has not expired. */
export function authorityThatSigns({
  vault,
  clock,
}: Pick<IssuingParts, 'vault' | 'clock'>): AuthorityGeneration | undefined {
  const existing = vault.authority.get()
  return existing?.intermediatePem && validFor(existing.certificatePem, clock()) > 0 ? existing : undefined
}

/**
 * What the authority is held to: null for that of an early vault, which could vouch for any name, and
 * for none at all.
 */
export function suffixesOf(generation: AuthorityGeneration | undefined): string[] | null {
  const suffixes = generation ? permittedSuffixes(generation.certificatePem) : null
  return suffixes && [...suffixes]
}

/**
 * The authority of an early vault issued for any domain. Its successor may go on with those that have
 * free certificates, and is held to them.
 */
function namesInUse({ vault }: IssuingParts): string[] {
  if (!vault.authority.get()) return []
  const free = vault.certificates.list().filter(({ kind }) => kind === 'free')
  const bare = free.flatMap(({ dnsNames }) => dnsNames.map((name) => name.replace(/^\*\./, '')))
  const local = (name: string) => localSuffixes.some((suffix) => `.${name}`.endsWith(`.${suffix}`))
  return [...new Set(bare.filter((name) => !local(name) && suffixProblem(name) === undefined))]
}

/** An intermediate is replaced while what it signs can still live its full time, and when it is from the future. */
async function readyIntermediate(parts: IssuingParts, clients: boolean): Promise<string> {
  const { intermediatePem, certificatePem } = await ensureAuthority(parts, clients)
  const at = parts.clock()
  if (intermediatePem === null || isFromFuture(intermediatePem, at)) return renewIntermediate(parts)
  if (validFor(intermediatePem, at) > leafDays || validFor(certificatePem, at) <= leafDays)
    return intermediatePem
  return renewIntermediate(parts)
}

/** Made while the clock was ahead, so that clients refuse it and what it signs. */
function isFromFuture(certificatePem: string, at: Date): boolean {
  return new X509Certificate(certificatePem).validFromDate > at
}

function validFor(certificatePem: string, at: Date): number {
  return (new X509Certificate(certificatePem).validToDate.getTime() - at.getTime()) / dayMs
}
