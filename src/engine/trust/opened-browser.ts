import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustClient, TrustProof } from '../../contract/trust/trust.ts'
import type { FoundClient } from './clients/find-clients.ts'
import type { PageAnswer } from './probes/page-text.ts'
import type { PageOpened } from './probes/proof-page.ts'
import type { PeerProgram } from './probes/peer.ts'
import type { TrustNeeds } from './needs.ts'
import {
  clientView,
  findAtlas,
  hostEnvironmentOf,
  rootExpiry,
  servedRoot,
  storeViews,
  wantedRoots,
} from './atlas.ts'
import type { BrowserRow, PageOutcome } from './page-verdict.ts'
import { pageRow, pageRowId, proofsOf, statesOf } from './proofs.ts'

/**
 * Row of the browser that opened the page: a Firefox by its open profile, others by kind and HOME. If the
 * system does not identify programs, the only row of its kind. Null without a unique match.
 */
export async function rowOfBrowser(
  parts: TrustNeeds,
  { browser, program, isProgramKnown }: PageOpened,
): Promise<BrowserRow | null> {
  const hostEnvironment = hostEnvironmentOf(parts)
  const { clients, stores } = findAtlas(hostEnvironment)
  const ofKind = clients.filter(({ kind, name }) => kind === 'browser' && name.startsWith(browser.family))
  const [client, another] = isProgramKnown
    ? ofKind.filter((each) => program !== null && isRowOf(each, program, hostEnvironment.home))
    : ofKind
  if (!client || another) return null
  const views = await storeViews(
    parts,
    stores.filter(({ id }) => client.stores.includes(id)),
  )
  const through = views.find(({ state }) => state === 'trusted')?.title ?? null
  const proof = proofsOf(hostEnvironment).of(client.id)
  const served = servedRoot(parts, wantedRoots(parts))
  return { client, view: clientView(client, views, { proof, served, now: parts.clock() }), through }
}

function isRowOf(client: FoundClient, program: PeerProgram, home: string): boolean {
  const { profile } = client
  if (profile !== undefined) return program.databases.some((each) => isSame(each, profile))
  const container = containerOf(program)
  if (container !== null) return client.name.endsWith(container)
  return !client.name.endsWith(')') && isSame(program.home, home)
}

/** Container suffix of the client's name; null for an ordinary package. */
function containerOf({ path }: PeerProgram): string | null {
  if (path.startsWith('/snap/')) return '(snap)'
  return path.startsWith('/app/') ? '(flatpak)' : null
}

function isSame(one: string, other: string): boolean {
  const real = (path: string) => {
    try {
      return realpathSync(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return join(path)
      throw error
    }
  }
  return one !== '' && real(one) === real(other)
}

interface Judged {
  opened: PageOpened
  row: BrowserRow | null
  outcome: PageOutcome
  verdict: PageAnswer
}

/**
 * Stores the outcome of a page if it says something about trust: in the browser's row, or else in a row of
 * its own, which exists while trust is proven. Returns the row; null without one.
 */
export async function noteProof(
  parts: TrustNeeds,
  { opened, row, outcome, verdict }: Judged,
): Promise<TrustClient | null> {
  const wanted = wantedRoots(parts)
  const served = servedRoot(parts, wanted)
  if (!wanted || !served || (outcome.type !== 'trusted' && outcome.type !== 'refused')) return null
  const ok = outcome.type === 'trusted'
  const known = findAtlas(hostEnvironmentOf(parts)).stores
  // The stores of an unknown browser are unknown too: a change of any ends its proof.
  const stores = await storeViews(
    parts,
    row ? known.filter(({ id }) => row.client.stores.includes(id)) : known,
  )
  const through = ok ? (row?.through ?? null) : null
  const proof: TrustProof = {
    at: parts.clock().toISOString(),
    ok,
    sentence: ok
      ? `${opened.browser.full}, which was open, finished a handshake with the edge, through ${through ?? 'a store that Edgekeep does not know'}.`
      : `${verdict.title}. ${verdict.sentence}`,
    words: verdict.words,
    ...{ through, byVariables: false, stores: statesOf(stores) },
    against: { ...served, name: null, until: rootExpiry(wanted) },
  }
  const id = row?.view.id ?? pageRowId(opened.browser.full)
  proofsOf(hostEnvironmentOf(parts)).note(id, proof)
  if (row) return clientView(row.client, stores, { proof, served, now: parts.clock() })
  return ok ? pageRow({ id, proof }) : null
}
