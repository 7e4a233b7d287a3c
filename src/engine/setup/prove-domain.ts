import { randomBytes } from 'node:crypto'
import type { TestedDomain } from '../../contract/trust/setup.ts'
import type { TrustClient, TrustProof } from '../../contract/trust/trust.ts'
import type { ServedNow } from '../../domain/client-trust.ts'
import { chainFromPem } from '../../pki/facts/certificate.ts'
import { edgePorts } from '../core/core.ts'
import { domainRow } from '../domains/domains.ts'
import { lookAtHosts } from '../names/hosts-place.ts'
import { chosenNames, type ServedName } from '../names/names.ts'
import { resolveNames } from '../names/resolve.ts'
import {
  type Atlas,
  clientView,
  findAtlas,
  hostEnvironmentOf,
  rootExpiry,
  servedRoot,
  wantedRoots,
} from '../trust/atlas.ts'
import type { FoundClient } from '../trust/clients/find-clients.ts'
import { runClient } from '../trust/probes/run-client.ts'
import { openProofOrigin, type ProofOrigin } from '../trust/probes/proof-origin.ts'
import { proofsOf } from '../trust/proofs.ts'
import {
  afterRun,
  clientsToRun,
  inSteps,
  loadUntrusted,
  storesOf,
  type TrustProofEvent,
  variablesOf,
} from '../trust/prove.ts'
import { type Loaded, testClient } from '../trust/test-client.ts'
import type { DomainRow } from '../vault/vault.ts'
import { isLocallyIssued } from './certificate-obstacle.ts'
import type { SetupNeeds } from './needs.ts'
import { httpsOff } from '../certificates/authority-scope.ts'

interface Selection {
  domain: string
  clients?: string[]
}

/**
 * Runs clients against a domain itself, as a person starts them and at the address that the person uses: they
 * find the name, connect to the port and judge the certificate by themselves. The edge confirms the request.
 * @throws `domain.invalid`, `names.not_served`, `domain.https_off`, `edge.not_running`, `trust.no_client`
 */
export async function* proveDomain(
  parts: SetupNeeds,
  { domain, clients }: Selection,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrustProofEvent> {
  edgePorts(parts)
  const [name] = chosenNames(parts, [domain])
  if (!name) throw new TypeError('A name that was asked for is served or refused')
  if ((await domainServed(parts, name, signal)) === null) throw httpsOff(parts, name.domain)
  const atlas = findAtlas(hostEnvironmentOf(parts))
  const origin = await openProofOrigin()
  try {
    yield* inSteps(clientsToRun(atlas, clients), signal, (client) =>
      proveClient(parts, client, { name, atlas, origin, signal }),
    )
  } finally {
    origin.close()
  }
}

interface Probe {
  name: ServedName
  atlas: Atlas
  /** Only of the control, whose certificate no client should accept. */
  origin: ProofOrigin
  signal: AbortSignal | undefined
}

async function proveClient(parts: SetupNeeds, client: FoundClient, probe: Probe): Promise<TrustClient> {
  const { name, atlas, origin, signal } = probe
  const served = await domainServed(parts, name, signal)
  if (!served) throw httpsOff(parts, name.domain)
  const stores = await storesOf(parts, atlas, client)
  const row = domainRow(parts, name.domain)
  const issuer = isLocallyIssued(parts, row) ? 'the local authority' : 'the authority of its certificate'
  const tested = await testClient({
    ...{ client, stores, signal, issuer, variables: variablesOf(parts) },
    load: (variables) => load(parts, client, { name, port: served.port, variables, signal }),
    loadUntrusted: (variables) =>
      loadUntrusted(parts, client, { origin, port: served.port, variables, signal }),
  })
  const { until, ...against } = served
  const after = await afterRun(parts, client, stores)
  const proof: TrustProof = {
    ...{ ...tested, at: parts.clock().toISOString(), stores: after.tested },
    against: { ...against, until, name: name.host },
  }
  if (!signal?.aborted) noteProof(parts, client, proof, row)
  return clientView(after.client, after.stores, { proof, served, now: parts.clock() })
}

/**
 * Stores a proof. With a certificate of the present root it is the last test of trust in that root too, so that
 * a failure ends an earlier proof of it.
 */
function noteProof(parts: SetupNeeds, { id }: FoundClient, proof: TrustProof, row: DomainRow): void {
  const proofs = proofsOf(hostEnvironmentOf(parts))
  proofs.note(id, proof)
  const wanted = wantedRoots(parts)
  const root = servedRoot(parts, wanted)
  if (!wanted || !root) return
  const { title, pem } = wanted.current
  if (isLocallyIssued(parts, row, [{ name: title, certificates: chainFromPem(pem) }]))
    proofs.note(id, { ...proof, against: { ...root, name: null, until: rootExpiry(wanted) } })
}

interface Loading {
  name: ServedName
  port: number
  variables: NodeJS.ProcessEnv
  signal: AbortSignal | undefined
}

/** `ok` if the edge answered a request of the client for a path that only it knows, over TLS. */
async function load(parts: SetupNeeds, client: FoundClient, loading: Loading): Promise<Loaded> {
  const { name, port, variables, signal } = loading
  const path = `/.well-known/edgekeep-${randomBytes(16).toString('hex')}`
  const target = { name: name.host, port, path, isMapped: false }
  parts.metering.exempt(name.domain, 1)
  const attempt = { hostEnvironment: hostEnvironmentOf(parts), client, target, variables, signal }
  const output = await runClient(attempt).catch((error: unknown) => (error as Error).message)
  const ok = await wasAnswered(parts, name, path)
  if (!ok) parts.metering.exempt(name.domain, -1)
  return { ok, output }
}

/** The snapshot has every request that has ended. */
async function wasAnswered({ traffic }: SetupNeeds, { domain }: ServedName, path: string): Promise<boolean> {
  for await (const event of traffic.watch({ reveal: false, domain })) {
    const rows = event.type === 'snapshot' ? event.rows : []
    return rows.some((row) => row.kind === 'exchange' && isOverTls(row.url) && row.url.includes(path))
  }
  return false
}

const isOverTls = (url: string) => url.startsWith('https:')

type DomainServed = ServedNow & Pick<TrustProof['against'], 'until'>

/** Address, port and certificate with which a domain is reached on this computer; null without HTTPS. */
async function domainServed(
  parts: SetupNeeds,
  { domain, host }: ServedName,
  signal: AbortSignal | undefined,
): Promise<DomainServed | null> {
  const { file } = await lookAtHosts(hostEnvironmentOf(parts))
  const resolved = await resolveNames([host], file, signal)
  return servedAt(parts, domain, resolved.get(host)?.addresses ?? [])
}

function servedAt(parts: SetupNeeds, domain: string, addresses: readonly string[]): DomainServed | null {
  const port = parts.supervisor?.status().https?.port
  const row = parts.vault.domains.get(domain)
  if (port === undefined || row?.httpsState !== 'on' || !row.certificateId || parts.outages.has(domain))
    return null
  const certificate = parts.vault.certificates.get(row.certificateId)
  if (!certificate || certificate.revokedAt !== null) return null
  const { fingerprintSha256: chain, notAfter: until } = certificate
  return { address: addresses.toSorted().join(' '), port, chain, until }
}

/** Domains against which clients were run, all or the given ones, with the present state of these clients. */
export async function testedDomains(
  parts: SetupNeeds,
  { domains }: { domains?: string[] },
  signal: AbortSignal | undefined,
): Promise<TestedDomain[]> {
  const hostEnvironment = hostEnvironmentOf(parts)
  const followed = proofsOf(hostEnvironment)
  const tests = followed.all()
  const testedHosts = new Set(tests.map(({ proof }) => proof.against.name))
  const names = chosenNames(parts, domains).filter(({ host }) => testedHosts.has(host))
  if (names.length === 0) return []
  const atlas = findAtlas(hostEnvironment)
  const clients = atlas.clients.filter(({ id }) => tests.some(({ client }) => client === id))
  const now = parts.clock()
  const [{ file }, stores] = await Promise.all([
    lookAtHosts(hostEnvironment),
    Promise.all(clients.map((client) => storesOf(parts, atlas, client))),
  ])
  followed.follow({ since: now, clients: clients.map(({ id }, at) => ({ id, stores: stores[at] ?? [] })) })
  const proofs = followed.all()
  const resolved = await resolveNames(
    names.map(({ host }) => host),
    file,
    signal,
  )
  return names.map(({ domain, host }) => {
    const served = servedAt(parts, domain, resolved.get(host)?.addresses ?? [])
    const rows = clients.flatMap((client, at): TrustClient[] => {
      const { proof } =
        proofs.find((each) => each.client === client.id && each.proof.against.name === host) ?? {}
      return proof ? [clientView(client, stores[at] ?? [], { proof, served, now })] : []
    })
    return { domain, clients: rows }
  })
}
