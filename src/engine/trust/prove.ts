import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { TrustClient, TrustProof, TrustStoreView } from '../../contract/trust/trust.ts'
import type { SecretBytes } from '../../domain/secret-bytes.ts'
import { issueForTest } from '../local-authority/local-authority.ts'
import type { FoundClient } from './clients/find-clients.ts'
import { openProofOrigin, type ProofOrigin } from './probes/proof-origin.ts'
import { runClient } from './probes/run-client.ts'
import { edgePorts } from '../core/core.ts'
import { requireAuthority } from '../local-authority/authority-of-vault.ts'
import { scheduleGc } from '../core/schedule-gc.ts'
import type { TrustNeeds } from './needs.ts'
import { chosenClients, clientView, findAtlas, storeViews, hostEnvironmentOf, wantedRoots } from './atlas.ts'
import { bundleVariables } from './env.ts'
import { createUntrustedCertificate, newProofName } from './temporary-names.ts'
import { clientErrorMessage } from './client-errors.ts'
import { proofsOf } from './proofs.ts'

export type TrustProofEvent =
  | { type: 'step'; title: string; done: number; total: number }
  | { type: 'proof'; client: TrustClient }

/**
 * Probes clients one after the other, each against a temporary name at the edge. Trust is proven when the
 * edge has forwarded the client's request over a completed handshake.
 * @throws `authority.none`, `edge.not_running`, `trust.no_client`
 */
export async function* proveTrust(
  parts: TrustNeeds,
  wantedClients: string[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrustProofEvent> {
  requireAuthority(parts)
  const { https: port } = edgePorts(parts)
  const hostEnvironment = hostEnvironmentOf(parts)
  const atlas = findAtlas(hostEnvironment)
  const chosen = chosenClients(atlas, wantedClients)
  if (chosen.length === 0)
    throw new EdgekeepError('trust.no_client', {
      wanted: wantedClients ?? [],
      names: atlas.clients.map(({ name }) => name),
    })
  const readBy = (client: FoundClient) =>
    storeViews(
      parts,
      atlas.stores.filter(({ id }) => client.stores.includes(id)),
    )
  const clients = chosen.filter(({ run }) => run !== 'none')
  const proofs = proofsOf(hostEnvironment)
  const origin = await openProofOrigin()
  try {
    for (const [done, client] of clients.entries()) {
      if (signal?.aborted) return
      yield { type: 'step', title: client.name, done, total: clients.length }
      const wanted = wantedRoots(parts)
      if (!wanted) throw new EdgekeepError('authority.none', {})
      const proof = await tryClient(parts, client, { stores: await readBy(client), port, origin, signal })
      if (signal?.aborted) return
      proofs.note(client.id, wanted.current.fingerprint, proof)
      yield { type: 'proof', client: clientView(client, await readBy(client), proof) }
    }
  } finally {
    origin.close()
  }
}

interface Trial {
  stores: TrustStoreView[]
  port: number
  origin: ProofOrigin
  signal: AbortSignal | undefined
}

async function tryClient(parts: TrustNeeds, client: FoundClient, trial: Trial): Promise<TrustProof> {
  const through = trial.stores.find(({ state }) => state === 'trusted')
  const { ok, words } = await load(parts, client, { ...trial, through }, (name) => issueForTest(parts, name))
  const isCareless =
    ok && !trial.signal?.aborted && (await acceptsAnything(parts, client, { ...trial, through }))
  const at = parts.clock().toISOString()
  if (isCareless) return { at, ok: false, sentence: careless, words: null, through: null }
  if (!ok) return { at, ok, sentence: clientErrorMessage(words), words, through: null }
  const store = through?.title ?? 'a store that Edgekeep does not know'
  const sentence = `It finished a handshake with the edge, through ${store}.`
  return { at, ok, sentence, words: null, through: through?.title ?? null }
}

const careless =
  'It accepts any certificate, so that nothing is proven: its settings or variables turn verification off, as “insecure” in ~/.curlrc does. Remove that, and repeat the proof.'

/** Clients with a temporary profile, in which nobody can have turned verification off. */
const withOwnProfile: ReadonlySet<string> = new Set(['chromium', 'firefox'])

/** Control: whether the client accepts an untrusted certificate. */
async function acceptsAnything(parts: TrustNeeds, client: FoundClient, trial: Loading): Promise<boolean> {
  if (withOwnProfile.has(client.run)) return false
  const control = async (name: string) => ({
    ...(await createUntrustedCertificate(name, parts.clock())),
    forget: () => undefined,
  })
  return (await load(parts, client, trial, control)).ok
}

interface Loading extends Trial {
  through: TrustStoreView | undefined
}

/** Makes a client load a temporary name; `ok` if the edge forwarded its request. */
async function load(
  parts: TrustNeeds,
  client: FoundClient,
  { port, origin, signal, through }: Loading,
  certificateFor: (name: string) => Promise<{ chainPem: string; keyPem: SecretBytes; forget(): void }>,
): Promise<{ ok: boolean; words: string }> {
  const hostEnvironment = hostEnvironmentOf(parts)
  const variables: NodeJS.ProcessEnv = {}
  if (through?.id === 'bundle')
    for (const variable of bundleVariables(hostEnvironment)) variables[variable.name] = variable.value
  const name = newProofName()
  const path = origin.newPath()
  const target = { name, port, path }
  let output: string
  const certificate = await certificateFor(name)
  try {
    await serveTemporaryName(parts, name, origin.port, certificate)
    output = await runClient({ hostEnvironment, client, target, variables, signal }).catch(
      (error: unknown) => (error as Error).message,
    )
  } finally {
    parts.temporaryNames.remove(name)
    certificate.forget()
    await parts.supervisor?.apply()
  }
  return { ok: origin.wasAsked(path), words: output }
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
