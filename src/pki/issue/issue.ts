import type { KeyKind, LeafUsage } from '../../contract/issuing.ts'
import { longestLifeDays } from '../../contract/issuing.ts'
import { type AuthorityMaterial, pkcs8Pem } from './authority-certificates.ts'
import { newLeafKey } from './leaf-keys.ts'
import { readLeafNames } from './leaf-names.ts'
import { chainOf, type Published, signLeaf } from './leaf.ts'

export interface IssuedMaterial {
  chainPem: string
  keyPem: Buffer
}

/** Apple refuses more than 398 days of public authorities; a local one gets no more here. */
export const leafDays = longestLifeDays

/**
 * Issues a certificate with a key of its own for domains (exact or `*.`), local addresses and e-mail
 * addresses: by default for servers, on P-256, for as long as there is. The caller zeroes the key.
 * @throws EdgekeepError `authority.name_outside` for a domain that the authority is not held to,
 *   `authority.clients_outside`, `domain.invalid` for an address that is no local one
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
    ...(commonName === undefined ? {} : { commonName }),
    published: published ?? null,
  })
  return { chainPem: chainOf(der, issuer), keyPem: pkcs8Pem(privateKey) }
}
