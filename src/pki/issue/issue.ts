import type { KeyKind, LeafUsage } from '../../contract/issuing/issuing.ts'
import { longestLifeDays } from '../../contract/issuing/issuing.ts'
import type { SecretBytes } from '../../domain/secret-bytes.ts'
import { type AuthorityMaterial, pkcs8Pem } from './authority-certificates.ts'
import { newLeafKey } from './leaf-keys.ts'
import { readLeafNames } from './leaf-names.ts'
import { chainOf, type Published, signLeaf } from './leaf.ts'

export interface IssuedMaterial {
  chainPem: string
  keyPem: SecretBytes
}

/** Apple's limit for public CAs is 398 days; local certificates stay below it too. */
export const leafDays = longestLifeDays

/**
 * Issues a certificate with a new key for domains (exact or `*.`), local addresses and e-mail addresses: by
 * default for servers, on P-256, with the longest lifetime.
 * @throws EdgekeepError `authority.name_outside` for a domain outside of the authority's constraints,
 *   `authority.clients_outside`, `domain.invalid` for an address that is not local
 */
export async function issueLeaf(request: {
  issuer: AuthorityMaterial
  names: string[]
  at: Date
  commonName?: string
  usage?: LeafUsage
  key?: KeyKind
  lifeMs?: number
  published?: Published | null
}): Promise<IssuedMaterial> {
  const { issuer, at, commonName, published } = request
  const { usage = 'server', key = 'p256', lifeMs = leafDays * 86_400_000 } = request
  const names = readLeafNames(request.names)
  const { publicKey, privateKey } = await newLeafKey(key)
  const der = signLeaf(issuer, {
    names,
    usage,
    publicKey,
    at,
    lifeMs,
    commonName,
    published: published ?? null,
  })
  return { chainPem: chainOf(der, issuer), keyPem: pkcs8Pem(privateKey) }
}
