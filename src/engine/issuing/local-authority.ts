import { X509Certificate } from 'node:crypto'
import { LOCAL_SUFFIXES, suffixProblem } from '../../contract/rules/authority-scope.ts'
import { type AuthorityMaterial, permittedSuffixes } from '../pki/issue/authority-certificates.ts'
import { certificateFacts, chainFromPem } from '../pki/facts/certificate.ts'
import type { ServableMaterial } from '../pki/intake/intake.ts'
import { issueLeaf, LEAF_DAYS } from '../pki/issue/issue.ts'
import type { AuthorityGeneration } from '../vault/vault.ts'
import { type IssuingParts, newGeneration, renewIntermediate } from './generations.ts'

const dayMs = 86_400_000

/**
 * A free certificate for `names`, issued by the intermediate of this computer's own authority, which
 * is made on first use. Its key is opened for the signature only; the caller zeroes the leaf's key.
 * Throws `authority.name_outside` for a name that the authority is not held to.
 */
export async function issueFree(parts: IssuingParts, names: string[]): Promise<ServableMaterial> {
  const { vault, clock } = parts
  const certificatePem = await readyIntermediate(parts)
  const sign = (keyPem: Buffer) => {
    const issuer: AuthorityMaterial = { certificatePem, keyPem }
    return issueLeaf({ issuer, names, at: clock() })
  }
  const { chainPem, keyPem } = await vault.authority.withIntermediateKey(sign)
  const chainDer = chainFromPem(chainPem)
  const [leafDer] = chainDer
  if (!leafDer) throw new TypeError('An issued chain has at least its leaf')
  return { chainPem, chainDer, leaf: certificateFacts(leafDer), keyPem }
}

/** The authority that signs, made where there is none that can. */
export async function ensureAuthority(parts: IssuingParts): Promise<AuthorityGeneration> {
  const existing = parts.vault.authority.get()
  if (existing?.intermediatePem && validFor(existing.certificatePem, parts.clock()) > 0) return existing
  return newGeneration(parts, suffixesOf(existing) ?? [...LOCAL_SUFFIXES, ...namesInUse(parts)])
}

/**
 * What the authority is held to: null for that of an early vault, which could vouch for any name, and
 * for none at all.
 */
export function suffixesOf(generation: AuthorityGeneration | undefined): string[] | null {
  return generation ? permittedSuffixes(generation.certificatePem) : null
}

/**
 * The authority of an early vault issued for any domain. Its successor may go on with those that have
 * free certificates, and is held to them.
 */
function namesInUse({ vault }: IssuingParts): string[] {
  if (!vault.authority.get()) return []
  const free = vault.certificates.list().filter(({ kind }) => kind === 'free')
  const bare = free.flatMap(({ dnsNames }) => dnsNames.map((name) => name.replace(/^\*\./, '')))
  const local = (name: string) => LOCAL_SUFFIXES.some((suffix) => `.${name}`.endsWith(`.${suffix}`))
  return [...new Set(bare.filter((name) => !local(name) && suffixProblem(name) === undefined))]
}

/** An intermediate is replaced while what it signs can still live its full time. */
async function readyIntermediate(parts: IssuingParts): Promise<string> {
  const { intermediatePem, certificatePem } = await ensureAuthority(parts)
  const at = parts.clock()
  if (intermediatePem && validFor(intermediatePem, at) > LEAF_DAYS) return intermediatePem
  if (intermediatePem && validFor(certificatePem, at) <= LEAF_DAYS) return intermediatePem
  return renewIntermediate(parts)
}

function validFor(certificatePem: string, at: Date): number {
  return (new X509Certificate(certificatePem).validToDate.getTime() - at.getTime()) / dayMs
}
