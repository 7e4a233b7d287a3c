import { X509Certificate } from 'node:crypto'
import { certificateFacts, chainFromPem } from '../pki/facts/certificate.ts'
import type { ServableMaterial } from '../pki/intake/intake.ts'
import { createAuthority, issueLeaf } from '../pki/issue/issue.ts'
import type { Vault } from '../vault/vault.ts'

export interface IssuingParts {
  vault: Vault
  clock: () => Date
  hostName: string
  /** Who asks, for the audit trail. */
  actor: string
}

/**
 * A free certificate for `names`, issued by this computer's own authority, which is made on first
 * use. The authority's key is opened for the signature only; the caller zeroes the leaf's key.
 */
export async function issueFree(parts: IssuingParts, names: string[]): Promise<ServableMaterial> {
  const { vault, clock } = parts
  const { certificatePem } = await ensureAuthority(parts)
  const { chainPem, keyPem } = await vault.authority.withAuthorityKey((authorityKey) =>
    issueLeaf({ authority: { certificatePem, keyPem: authorityKey }, names, at: clock() }),
  )
  const chainDer = chainFromPem(chainPem)
  const [leafDer] = chainDer
  if (!leafDer) throw new TypeError('An issued chain has at least its leaf')
  return { chainPem, chainDer, leaf: certificateFacts(leafDer), keyPem }
}

async function ensureAuthority({
  vault,
  clock,
  hostName,
  actor,
}: IssuingParts): Promise<{ certificatePem: string }> {
  const existing = vault.authority.get()
  if (existing && new Date(new X509Certificate(existing.certificatePem).validTo) > clock()) return existing
  const { certificatePem, keyPem } = await createAuthority({ at: clock(), host: hostName })
  try {
    const [der] = chainFromPem(certificatePem)
    if (!der) throw new TypeError('A new authority has a certificate')
    const { title, fingerprintSha256, publicKey } = certificateFacts(der)
    const { spkiSha256 } = publicKey
    vault.change(() => {
      vault.authority.create(certificatePem, spkiSha256, keyPem)
      const after = { title, fingerprintSha256 }
      vault.audit.append({ actor, action: 'authority.create', subject: spkiSha256, before: null, after })
    })
  } finally {
    keyPem.fill(0)
  }
  return { certificatePem }
}
