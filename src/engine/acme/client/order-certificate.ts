import { createPublicKey, type KeyObject } from 'node:crypto'
import type { AcmeOrderState } from '../../../contract/acme/acme.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type AcmeParameters, isByDns } from '../../../contract/issuing/renewal.ts'
import { type ChallengeAnswerer, runOrder } from './order.ts'
import { chooseChain, type ReceivedChain } from './received-chain.ts'
import { certificateFacts } from '../../../pki/facts/certificate.ts'
import type { ServableMaterial } from '../../../pki/intake/intake.ts'
import { pkcs8Pem } from '../../../pki/issue/authority-certificates.ts'
import { newLeafKey } from '../../../pki/issue/leaf-keys.ts'
import { readLeafNames } from '../../../pki/issue/leaf-names.ts'
import { makeRequest } from '../../../pki/issue/request.ts'
import type { AcmeAccountRow } from '../../vault/vault.ts'
import { gcAtEnd } from '../../core/schedule-gc.ts'
import type { AcmeClientNeeds } from './needs.ts'
import { answererOf } from './answerer.ts'
import { requireCaa } from './caa.ts'
import { openAccountSession } from './sessions.ts'

export interface CertificateOrder {
  account: AcmeAccountRow
  /** Lower-case A-labels, exact or `*.`. */
  names: string[]
  wish: AcmeParameters
  /** ARI identifier of the replaced certificate (RFC 9773); null for none. */
  replaces: string | null
  onState: (state: AcmeOrderState) => void
  signal?: AbortSignal
  /** Absent: the edge or a DNS record answers. */
  answerer?: ChallengeAnswerer
}

/** Key to certify. The holder of its private half made the request (PKCS#10, DER). */
export interface OrderedKey {
  publicKey: KeyObject
  csr: () => Buffer
}

/**
 * Orders a certificate for a new key and passes both to `use`; wipes the key afterwards.
 * @throws as `withOrderedChain`
 */
export async function withOrdered<T>(
  parts: AcmeClientNeeds,
  order: CertificateOrder,
  use: (material: ServableMaterial) => Promise<T>,
): Promise<T> {
  const { privateKey } = await newLeafKey(order.wish.keyType)
  using _gc = gcAtEnd()
  using keyPem = pkcs8Pem(privateKey)
  const csr = () => makeRequest({ names: readLeafNames(order.names), privateKey })
  const key = { publicKey: createPublicKey(privateKey), csr }
  return await withOrderedChain(parts, order, key, ({ chain, chainPem }) => {
    const chainDer = chain.map(({ der }) => der)
    const [leafDer] = chainDer
    if (!leafDer) throw new TypeError('A chosen chain has at least its leaf')
    return use({ chainPem, chainDer, leaf: certificateFacts(leafDer), keyPem })
  })
}

/**
 * Orders a certificate for a key and passes the chain to `use`. Until that has ended, its names are not ordered again.
 * @throws the errors of `runOrder` and `chooseChain`, `acme.caa_forbids`, `acme.wildcard_needs_dns`,
 *   `acme.no_edge`, `acme.dns_not_found` and `acme.busy`
 */
export async function withOrderedChain<T>(
  parts: AcmeClientNeeds,
  order: CertificateOrder,
  key: OrderedKey,
  use: (chain: ReceivedChain) => Promise<T>,
): Promise<T> {
  const { names, wish } = order
  const wildcard = names.find((name) => name.startsWith('*.'))
  if (wildcard !== undefined && !isByDns(wish.challenge))
    throw new EdgekeepError('acme.wildcard_needs_dns', { name: wildcard })
  const running = names.find((name) => parts.orderedNames.has(name))
  if (running !== undefined) throw new EdgekeepError('acme.busy', { name: running })
  for (const name of names) parts.orderedNames.add(name)
  try {
    const chain = await orderedChain(parts, order, key)
    order.onState({ state: 'storing', name: null })
    return await use(chain)
  } catch (error) {
    if (order.signal?.aborted) throw new EdgekeepError('acme.cancelled', {}, { cause: error })
    throw error
  } finally {
    for (const name of names) parts.orderedNames.delete(name)
  }
}

async function orderedChain(
  parts: AcmeClientNeeds,
  { account, names, wish, replaces, onState, signal, answerer = answererOf(parts, wish) }: CertificateOrder,
  { publicKey, csr }: OrderedKey,
): Promise<ReceivedChain> {
  const { challenge, profile, preferredIssuer } = wish
  using session = await openAccountSession(parts, account, signal)
  onState({ state: 'caa', name: null })
  await requireCaa(names, session.directory.meta.caaIdentities, parts.lookupCaa)
  const { accountUrl, id } = account
  const formerThumbprints = parts.vault.acmeAccounts.formerThumbprints(id)
  const about = { names, challenge, accountUrl, formerThumbprints, profile, replaces }
  const pems = await runOrder(session, session.signer, { ...about, csr, answerer, onState })
  const { host } = session
  return chooseChain(pems, { host, publicKey, names, at: parts.clock(), preferredIssuer })
}
