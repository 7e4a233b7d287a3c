import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { TrustClient, TrustProof, TrustStoreView } from '../../contract/trust/trust.ts'
import type { SecretBytes } from '../../domain/secret-bytes.ts'
import { issueForTest } from '../local-authority/local-authority.ts'
import { requireAuthority } from '../local-authority/authority-of-vault.ts'
import { edgePorts } from '../core/core.ts'
import { inParallel } from '../core/in-parallel.ts'
import { scheduleGc } from '../core/schedule-gc.ts'
import type { FoundClient } from './clients/find-clients.ts'
import { openProofOrigin, type ProofOrigin } from './probes/proof-origin.ts'
import { runClient } from './probes/run-client.ts'
import type { TrustNeeds } from './needs.ts'
import {
  type Atlas,
  chosenClients,
  clientView,
  findAtlas,
  hostEnvironmentOf,
  rootExpiry,
  servedRoot,
  storeViews,
  wantedRoots,
} from './atlas.ts'
import { bundleVariables } from './env.ts'
import { createUntrustedCertificate, newProofName } from './temporary-names.ts'
import { proofsOf, statesOf } from './proofs.ts'
import { type Loaded, testClient } from './test-client.ts'

export type TrustProofEvent =
  | { type: 'step'; title: string; done: number; total: number }
  | { type: 'proof'; client: TrustClient }

/** Browsers are large: a few at a time leave the computer usable. */
const mostAtOnce = 3

/**
 * Probes clients, a few at a time, each against a temporary name at the edge. Trust is proven when the edge
 * has forwarded the client's request over a completed handshake.
 * @throws `authority.none`, `edge.not_running`, `trust.no_client`
 */
export async function* proveTrust(
  parts: TrustNeeds,
  wantedClients: string[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrustProofEvent> {
  requireAuthority(parts)
  edgePorts(parts)
  const atlas = findAtlas(hostEnvironmentOf(parts))
  const clients = clientsToRun(atlas, wantedClients)
  const origin = await openProofOrigin()
  try {
    yield* inSteps(clients, signal, (client) => proveClient(parts, client, { atlas, origin, signal }))
  } finally {
    origin.close()
  }
}

/**
 * Clients by name that Edgekeep can run; by default all that are not optional.
 * @throws `trust.no_client`
 */
export function clientsToRun(atlas: Atlas, wanted: string[] | undefined): FoundClient[] {
  const chosen = chosenClients(atlas, wanted)
  if (chosen.length === 0)
    throw new EdgekeepError('trust.no_client', { wanted: [], names: atlas.clients.map(({ name }) => name) })
  return chosen.filter(({ run }) => run !== 'none')
}

/** Tests clients a few at a time, with the names of those that run as steps. */
export async function* inSteps(
  clients: readonly FoundClient[],
  signal: AbortSignal | undefined,
  prove: (client: FoundClient) => Promise<TrustClient>,
): AsyncGenerator<TrustProofEvent> {
  const running = new Set(clients.slice(0, mostAtOnce).map(({ name }) => name))
  const total = clients.length
  const step = (done: number) => ({ type: 'step' as const, title: [...running].join(', '), done, total })
  const proveOne = async (client: FoundClient) => {
    running.add(client.name)
    return prove(client).finally(() => running.delete(client.name))
  }
  let done = 0
  if (total > 0) yield step(done)
  for await (const client of inParallel(clients, mostAtOnce, proveOne, signal)) {
    if (signal?.aborted) return
    yield { type: 'proof', client }
    done += 1
    if (running.size > 0) yield step(done)
  }
}

interface Probe {
  atlas: Atlas
  origin: ProofOrigin
  signal: AbortSignal | undefined
}

async function proveClient(parts: TrustNeeds, client: FoundClient, probe: Probe): Promise<TrustClient> {
  const { atlas, signal } = probe
  const wanted = wantedRoots(parts)
  const served = servedRoot(parts, wanted)
  if (!wanted || !served) throw new EdgekeepError('edge.not_running', {})
  const stores = await storesOf(parts, atlas, client)
  const { port } = served
  const tested = await testClient({
    ...{ client, stores, signal, issuer: 'the local authority', variables: variablesOf(parts) },
    load: (variables) =>
      load(parts, client, { ...probe, port, variables, certify: (name) => issueForTest(parts, name) }),
    loadUntrusted: (variables) => loadUntrusted(parts, client, { ...probe, port, variables }),
  })
  const after = await afterRun(parts, client, stores)
  const proof: TrustProof = {
    ...{ ...tested, at: parts.clock().toISOString(), stores: after.tested },
    against: { ...served, name: null, until: rootExpiry(wanted) },
  }
  if (!signal?.aborted) proofsOf(hostEnvironmentOf(parts)).note(client.id, proof)
  return clientView(after.client, after.stores, {
    ...{ proof, served: servedRoot(parts, wantedRoots(parts)), now: parts.clock() },
  })
}

/**
 * A client and its stores after a run, and the states that were tested. The first run of a Chromium creates its
 * database, at another path than that of earlier versions, which is no change of a store.
 */
export async function afterRun(parts: TrustNeeds, before: FoundClient, stores: readonly TrustStoreView[]) {
  const atlas = findAtlas(hostEnvironmentOf(parts))
  const client = atlas.clients.find(({ id }) => id === before.id) ?? before
  const now = await storesOf(parts, atlas, client)
  const isMoved = now.length === stores.length && now.every(({ state }, at) => state === stores[at]?.state)
  return { client, stores: now, tested: statesOf(isMoved ? now : stores) }
}

/** Present views of the stores that a client reads. */
export function storesOf(parts: TrustNeeds, atlas: Atlas, client: FoundClient): Promise<TrustStoreView[]> {
  return storeViews(
    parts,
    atlas.stores.filter(({ id }) => client.stores.includes(id)),
  )
}

export function variablesOf(parts: TrustNeeds): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = {}
  for (const { name, value } of bundleVariables(hostEnvironmentOf(parts))) variables[name] = value
  return variables
}

interface Loading extends Pick<Probe, 'origin' | 'signal'> {
  port: number
  variables: NodeJS.ProcessEnv
}

/** Control: the certificate is of an authority that no client trusts. */
export function loadUntrusted(parts: TrustNeeds, client: FoundClient, loading: Loading): Promise<Loaded> {
  const certify = async (name: string) => ({
    ...(await createUntrustedCertificate(name, parts.clock())),
    forget: () => undefined,
  })
  return load(parts, client, { ...loading, certify })
}

/** Makes a client load a temporary name; `ok` if the edge forwarded its request. */
async function load(
  parts: TrustNeeds,
  client: FoundClient,
  loading: Loading & {
    certify: (name: string) => Promise<{ chainPem: string; keyPem: SecretBytes; forget(): void }>
  },
): Promise<Loaded> {
  const { port, origin, signal, variables, certify } = loading
  const name = newProofName()
  const path = origin.newPath()
  const target = { name, port, path, isMapped: true }
  let output: string
  const certificate = await certify(name)
  try {
    await serveTemporaryName(parts, name, origin.port, certificate)
    const attempt = { hostEnvironment: hostEnvironmentOf(parts), client, target, variables, signal }
    output = await runClient(attempt).catch((error: unknown) => (error as Error).message)
  } finally {
    parts.temporaryNames.remove(name)
    certificate.forget()
    await parts.supervisor?.apply()
  }
  return { ok: origin.wasAsked(path), output }
}

/** Serves a temporary name until it is removed from the temporary names. */
export async function serveTemporaryName(
  parts: TrustNeeds,
  name: string,
  originPort: number,
  certificate: { chainPem: string; keyPem: SecretBytes },
): Promise<void> {
  const { chainPem, keyPem } = certificate
  parts.temporaryNames.add(name, originPort, { chainPem, keyPem })
  scheduleGc()
  await parts.supervisor?.apply()
}
