import {
  asIssuer,
  createIntermediate,
  createRoot,
  type NewAuthority,
} from '../../pki/issue/authority-certificates.ts'
import { certificateInPem, chainFromPem, readCertificate } from '../../pki/facts/certificate.ts'
import { isSignedBy } from '../../pki/x509/signatures.ts'
import { type ClockEvidence, type FileEvidence, requireCredibleClock } from './clock-check.ts'
import { eraseRetiredRevokers, keepLastList } from './revocation.ts'
import type { Published } from '../../pki/issue/leaf.ts'
import type { AuthorityGeneration, AuthorityPart, Vault } from '../vault/vault.ts'

const hourMs = 3_600_000

export interface IssuingParts {
  vault: Vault
  clock: () => Date
  hostName: string
  actor: string
  /** URLs of revocation lists and OCSP for a key, by the SHA-256 of its SPKI; null while none are served. */
  publishedOf: (issuerSpkiSha256: string) => Published | null
  /** Evidence of the time besides the clock. */
  fileEvidence: () => FileEvidence
}

/** Name constraints of an authority: names below these suffixes, and optionally TLS clients. */
export interface Scope {
  suffixes: string[]
  clients: boolean
}

/**
 * Creates a new root, constrained to `scope`, with an intermediate. Retires the previous one in the same
 * transaction: its keys are erased, and its certificates work as long as clients trust its root.
 * With `keepsRevoking` the key of its intermediate stays for revocations, until a generation without it.
 * @throws `authority.clock_doubtful`, unless `clockIsRight`
 */
export async function newGeneration(
  parts: IssuingParts,
  scope: Scope,
  { clockIsRight = false, keepsRevoking = false } = {},
): Promise<AuthorityGeneration> {
  const { vault, clock, hostName: host, actor } = parts
  if (!clockIsRight) requireCredibleClock(clock(), evidenceOf(parts))
  const before = vault.authority.get()
  const generation = (vault.authority.list()[0]?.id ?? 0) + 1
  const root = await createRoot({ at: clock(), host, generation, ...scope })
  using _rootKey = root.keyPem
  const intermediate = await createIntermediate({ root: asIssuer(root), at: clock(), host, generation })
  using _intermediateKey = intermediate.keyPem
  vault.change(() => {
    // A concurrent call may have created one that signs already.
    if (vault.authority.get()?.id !== before?.id) return
    if (before) retire(parts, keepsRevoking)
    vault.authority.create(partOf(root))
    vault.authority.setIntermediate(partOf(intermediate))
    vault.audit.append({
      actor,
      action: before ? 'authority.rotate' : 'authority.create',
      subject: partOf(root).spkiSha256,
      before: before ? factOf(before.certificatePem) : null,
      after: { ...factOf(root.certificatePem), ...scope },
    })
  })
  return signing(vault)
}

function retire(parts: IssuingParts, keepsRevoking: boolean): void {
  const { vault } = parts
  if (!keepsRevoking) {
    eraseRetiredRevokers(parts)
    keepListOfSigner(parts)
  }
  vault.authority.retire({ keepsRevoking })
}

function keepListOfSigner(parts: IssuingParts): void {
  const signer = parts.vault.authority.revokers().find(({ isRetired }) => !isRetired)
  if (signer) keepLastList(parts, signer)
}

function evidenceOf({ vault, clock, fileEvidence }: IssuingParts): ClockEvidence {
  const { last, latestBefore } = vault.audit.times(new Date(clock().getTime() - hourMs))
  const dateOf = (at: string | null) => (at === null ? null : new Date(at))
  return { lastEntry: dateOf(last), earlierEntry: dateOf(latestBefore), ...fileEvidence() }
}

/** Creates an intermediate below the same root for new certificates; issued chains include their own. */
export async function renewIntermediate(parts: IssuingParts): Promise<string> {
  const { vault, clock, hostName: host, actor } = parts
  const { id: generation, certificatePem, intermediatePem } = signing(vault)
  const intermediate = await vault.authority.withRootKey((keyPem) =>
    createIntermediate({ root: { certificatePem, keyPem }, at: clock(), host, generation }),
  )
  using _key = intermediate.keyPem
  const part = partOf(intermediate)
  vault.change(() => {
    keepListOfSigner(parts)
    vault.authority.setIntermediate(part)
    const before = intermediatePem === null ? null : factOf(intermediatePem)
    const after = factOf(intermediate.certificatePem)
    vault.audit.append({ actor, action: 'authority.renew', subject: part.spkiSha256, before, after })
  })
  return intermediate.certificatePem
}

/** Retired roots of certificates that are still in the vault: clients must go on trusting them. */
export function retiredInUse({ vault }: Pick<IssuingParts, 'vault'>): AuthorityGeneration[] {
  const retired = vault.authority.list().filter(({ retiredAt }) => retiredAt !== null)
  if (retired.length === 0) return []
  const free = vault.certificates.list().filter(({ kind }) => kind === 'free')
  const ends = free.flatMap(({ id }) => chainFromPem(vault.certificates.get(id)?.chainPem ?? '').slice(-1))
  const issuers = ends.map((der) => readCertificate(der))
  return retired.filter(({ certificatePem }) => {
    const root = certificateInPem(certificatePem)
    return issuers.some((end) => isSignedBy(end, root))
  })
}

function signing(vault: Vault): AuthorityGeneration {
  const found = vault.authority.get()
  if (!found) throw new TypeError('An authority was made')
  return found
}

function partOf({ certificatePem, keyPem }: NewAuthority): AuthorityPart {
  const { spkiSha256 } = certificateInPem(certificatePem).facts.publicKey
  return { certificatePem, spkiSha256, keyPem: keyPem.bytes }
}

function factOf(certificatePem: string): { title: string; fingerprintSha256: string } {
  const { title, fingerprintSha256 } = certificateInPem(certificatePem).facts
  return { title, fingerprintSha256 }
}
