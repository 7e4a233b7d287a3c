import { createPublicKey, type KeyObject } from 'node:crypto'
import type { AcmeOrderState } from '../../../contract/acme/acme.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type AcmeParameters, isByDns } from '../../../contract/issuing/renewal.ts'
import { runOrder } from './order.ts'
import { chooseChain } from './received-chain.ts'
import { certificateFacts } from '../../../pki/facts/certificate.ts'
import type { SecretBytes } from '../../../domain/secret-bytes.ts'
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
  signal?: AbortSignal | undefined
}

/**
 * Orders a certificate for a new key and passes both to `use`; wipes the key afterwards.
 * @throws the errors of `runOrder` and `chooseChain`, `acme.caa_forbids`, `acme.wildcard_needs_dns`,
 *   `acme.no_edge`, `acme.dns_not_found` and `acme.busy`
 */
export async function withOrdered<T>(
  parts: AcmeClientNeeds,
  order: CertificateOrder,
  use: (material: ServableMaterial) => Promise<T>,
): Promise<T> {
  const { names, wish } = order
  const wildcard = names.find((name) => name.startsWith('*.'))
  if (wildcard !== undefined && !isByDns(wish.challenge))
    throw new EdgekeepError('acme.wildcard_needs_dns', { name: wildcard })
  const running = names.find((name) => parts.orderedNames.has(name))
  if (running !== undefined) throw new EdgekeepError('acme.busy', { name: running })
  for (const name of names) parts.orderedNames.add(name)
  try {
    const answerer = answererOf(parts, wish)
    const { privateKey } = await newLeafKey(wish.keyType)
    using _gc = gcAtEnd()
    using keyPem = pkcs8Pem(privateKey)
    const chains = await orderedChains(parts, order, { privateKey, answerer })
    order.onState({ state: 'storing', name: null })
    return await use(materialOf(parts, order, chains, privateKey, keyPem))
  } catch (error) {
    if (order.signal?.aborted) throw new EdgekeepError('acme.cancelled', {}, { cause: error })
    throw error
  } finally {
    for (const name of names) parts.orderedNames.delete(name)
  }
}

async function orderedChains(
  parts: AcmeClientNeeds,
  { account, names, wish, replaces, onState, signal }: CertificateOrder,
  { privateKey, answerer }: { privateKey: KeyObject; answerer: ReturnType<typeof answererOf> },
): Promise<{ pems: string[]; host: string }> {
  const { challenge, profile } = wish
  using session = await openAccountSession(parts, account, signal)
  onState({ state: 'caa', name: null })
  await requireCaa(names, session.directory.meta.caaIdentities, parts.lookupCaa)
  const csr = () => makeRequest({ names: readLeafNames(names), privateKey })
  const { accountUrl, id } = account
  const formerThumbprints = parts.vault.acmeAccounts.formerThumbprints(id)
  const about = { names, challenge, accountUrl, formerThumbprints, profile, replaces }
  const pems = await runOrder(session, session.signer, { ...about, csr, answerer, onState })
  return { pems, host: session.host }
}

function materialOf(
  { clock }: AcmeClientNeeds,
  { names, wish }: CertificateOrder,
  { pems, host }: { pems: string[]; host: string },
  privateKey: KeyObject,
  keyPem: SecretBytes,
): ServableMaterial {
  const { preferredIssuer } = wish
  const publicKey = createPublicKey(privateKey)
  const { chain, chainPem } = chooseChain(pems, { host, publicKey, names, at: clock(), preferredIssuer })
  const chainDer = chain.map(({ der }) => der)
  const [leafDer] = chainDer
  if (!leafDer) throw new TypeError('A chosen chain has at least its leaf')
  return { chainPem, chainDer, leaf: certificateFacts(leafDer), keyPem }
}
