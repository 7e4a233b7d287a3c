import { homedir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import type { TrustAtlas, TrustClient, TrustStoreView } from '../../contract/trust/trust.ts'
import { clientTrust, describeClient, mostTrusting, type ServedNow } from '../../domain/client-trust.ts'
import { clientsByName } from '../../domain/clients-by-name.ts'
import { findClients, type FoundClient } from './clients/find-clients.ts'
import { findStores } from './stores/find-stores.ts'
import { openJournal } from './stores/journal.ts'
import { foreignRootsIn, formerRootsIn } from './stores/former-roots.ts'
import { fingerprintOf, type TrustedRoot, type WantedRoots } from './stores/roots.ts'
import type { TrustStore } from './stores/store.ts'
import { familyOf, type HostEnvironment } from '../../platform/commands/host-environment.ts'
import { certificateFacts, chainFromPem } from '../../pki/facts/certificate.ts'
import { authorityTitle, createRoot, permittedSuffixes } from '../../pki/issue/authority-certificates.ts'
import { localSuffixes } from '../../domain/authority-scope.ts'
import { authorityThatSigns } from '../local-authority/local-authority.ts'
import { toPem } from '../../pki/formats/convert.ts'
import { retiredInUse } from '../local-authority/generations.ts'
import type { AuthorityGeneration } from '../vault/vault.ts'
import type { Core } from '../core/core.ts'
import type { TrustNeeds } from './needs.ts'
import { proofsOf } from './proofs.ts'

export function hostEnvironmentOf({ folder }: Pick<Core, 'folder'>): HostEnvironment {
  const { env, platform } = process
  return { platform, env, home: env.HOME ?? homedir(), folder: join(folder, 'trust') }
}

/** The roots that stores should have; undefined without an authority. */
export function wantedRoots(parts: Pick<Core, 'vault' | 'folder'>): WantedRoots | undefined {
  const { vault } = parts
  const all = vault.authority.list()
  const generation = vault.authority.get()
  if (!generation) return undefined
  const own = all.map(rootOf)
  const ofGeneration = ({ id }: AuthorityGeneration) => own[all.findIndex((each) => each.id === id)]
  const current = ofGeneration(generation)
  if (!current) throw new TypeError('The authority that signs is among all')
  const retired = retiredInUse({ vault }).flatMap((each) => ofGeneration(each) ?? [])
  const former = formerRoots(parts).filter(({ fingerprint }) =>
    own.every((root) => root.fingerprint !== fingerprint),
  )
  // Roots of early vaults have no name constraints, so they are only ever removed.
  return { current, retired: retired.filter(isLimited), ours: [...own, ...former] }
}

/**
 * The wanted roots for a plan that needs a new authority; null if the present one suffices. The draft root is
 * in memory only, and its key is destroyed.
 */
export async function draftRoots(parts: TrustNeeds): Promise<WantedRoots | null> {
  if (authorityThatSigns(parts)) return null
  const { clock, hostName: host } = parts
  const drafted = await createRoot({
    at: clock(),
    host,
    generation: 1,
    suffixes: [...localSuffixes],
    clients: false,
  })
  using _key = drafted.keyPem
  const current = rootOf(drafted)
  const { retired = [], ours = formerRoots(parts) } = wantedRoots(parts) ?? {}
  return { current, retired, ours: [current, ...ours] }
}

/** Roots that an undo removes: also those from before a restore, and of other authorities. */
export function undoableRoots(parts: Pick<Core, 'vault' | 'folder'>): WantedRoots | undefined {
  const wanted = wantedRoots(parts)
  const foreign = storedRoots(foreignRootsIn(hostEnvironmentOf(parts)).all()).map(asForeign)
  if (wanted) return { ...wanted, ours: [...wanted.ours, ...foreign] }
  const [current, ...others] = [...formerRoots(parts), ...foreign]
  return current && { current, retired: [], ours: [current, ...others] }
}

/**
 * Roots of former vaults. Anyone who can write the user's files can edit that list, so certificates that are
 * not named as Edgekeep's are ignored.
 */
function formerRoots(parts: Pick<Core, 'folder'>): TrustedRoot[] {
  return storedRoots(formerRootsIn(hostEnvironmentOf(parts)).all()).filter(({ title }) =>
    title.startsWith(authorityTitle),
  )
}

function storedRoots(pems: readonly string[]): TrustedRoot[] {
  return pems.flatMap((certificatePem) => {
    try {
      return [rootOf({ certificatePem })]
    } catch {
      // A damaged certificate is in no store either.
      return []
    }
  })
}

export const asForeign = (root: TrustedRoot): TrustedRoot => ({ ...root, isForeign: true })

/** Whether a root has name constraints (RFC 5280, section 4.2.1.10). */
export function isLimited({ pem }: Pick<TrustedRoot, 'pem'>): boolean {
  return permittedSuffixes(pem) !== null
}

/**
 * Re-encodes the certificate: text around it in the vault's file, which an attacker may have written, gets
 * into no file and no command that an administrator runs.
 */
export function rootOf({ certificatePem }: Pick<AuthorityGeneration, 'certificatePem'>): TrustedRoot {
  const [der] = chainFromPem(certificatePem)
  if (!der) throw new TypeError('An authority has a certificate')
  const pem = toPem(der)
  return { pem, fingerprint: fingerprintOf(pem), title: certificateFacts(der).title }
}

export type Atlas = ReturnType<typeof findAtlas>

export function findAtlas(hostEnvironment: HostEnvironment) {
  const found = findStores(hostEnvironment)
  const clients = findClients(hostEnvironment, found)
  return { clients, stores: found.stores }
}

export async function trustAtlas(parts: TrustNeeds): Promise<TrustAtlas> {
  const hostEnvironment = hostEnvironmentOf(parts)
  const { clients, stores } = findAtlas(hostEnvironment)
  const wanted = wantedRoots(parts)
  const since = parts.clock()
  const views = await storeViews(parts, stores)
  const proofs = proofsOf(hostEnvironment)
  const read = clients.map(({ id, stores: reads }) => ({ id, stores: readBy(reads, views) }))
  proofs.follow({ since, clients: read, all: views })
  const now = { served: servedRoot(parts, wanted), now: parts.clock() }
  const rows = clients.map((client) => clientView(client, views, { ...now, proof: proofs.of(client.id) }))
  return {
    authority: wanted ? { title: wanted.current.title, fingerprintSha256: wanted.current.fingerprint } : null,
    system:
      hostEnvironment.platform === 'linux'
        ? `Linux (${familyOf(hostEnvironment)})`
        : hostEnvironment.platform,
    // Browsers come first: installed ones, then those known only from a page.
    clients: [
      ...rows.filter(({ kind }) => kind === 'browser'),
      ...proofs.byPage({ ...now, stores: views }),
      ...rows.filter(({ kind }) => kind !== 'browser'),
    ],
    stores: views,
  }
}

export function storeViews(parts: TrustNeeds, stores: readonly TrustStore[]): Promise<TrustStoreView[]> {
  const roots = { wanted: wantedRoots(parts), undoable: undoableRoots(parts) }
  const journal = openJournal(hostEnvironmentOf(parts).folder)
  return Promise.all(stores.map((store) => storeView(store, roots, journal.of(store.id) !== undefined)))
}

const noneYet = 'There is no local authority yet.'

async function storeView(
  store: TrustStore,
  { wanted, undoable: known }: { wanted: WantedRoots | undefined; undoable: WantedRoots | undefined },
  isChanged: boolean,
): Promise<TrustStoreView> {
  const { id, kind, title, location, elevated } = store
  const found = known ? await store.read(known) : undefined
  const none = { state: 'missing' as const, sentence: noneYet, present: found?.present ?? [] }
  const reading = wanted && found ? found : none
  const undoable = isChanged || reading.present.length > 0
  const obstacle = await store.obstacle()
  const { state, sentence } = reading
  return { id, kind, title, location, state, sentence, elevated, obstacle, undoable }
}

/** Address, port and root with which the edge serves a temporary name; null while it does not listen. */
export function servedRoot({ supervisor }: Core, wanted: WantedRoots | undefined): ServedNow | null {
  const port = supervisor?.status().https?.port
  if (!wanted || port === undefined) return null
  return { address: '127.0.0.1', port, chain: wanted.current.fingerprint }
}

export function rootExpiry({ current }: WantedRoots): string {
  return new X509Certificate(current.pem).validToDate.toISOString()
}

function readBy(ids: readonly string[], views: readonly TrustStoreView[]): TrustStoreView[] {
  return ids.flatMap((each) => views.find(({ id }) => id === each) ?? [])
}

export function clientView(
  client: FoundClient,
  views: readonly TrustStoreView[],
  tested: { proof: TrustClient['proof']; served: ServedNow | null; now: Date },
): TrustClient {
  const { id, kind, name, path, stores: reads, run, optional = false } = client
  const stores = readBy(reads, views)
  const { proof } = tested
  const unprovable =
    run === 'none' ? 'Edgekeep cannot start this client. Open one of your pages in it.' : null
  const facts = { ...tested, stores }
  return {
    ...{ id, kind, name, path, stores: reads, state: mostTrusting(stores), trust: clientTrust(facts) },
    ...{ sentence: describeClient(facts, unprovable), proof, unprovable, optional },
  }
}

/** Clients by name; by default all that are not optional. */
export function chosenClients(atlas: Atlas, wanted: string[] | undefined): FoundClient[] {
  if (!wanted) return atlas.clients.filter(({ optional }) => !optional)
  return clientsByName(atlas.clients, wanted)
}
