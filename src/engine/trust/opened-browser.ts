import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustClient, TrustProof } from '../../contract/trust/trust.ts'
import type { FoundClient } from './clients/find-clients.ts'
import type { PageAnswer } from './probes/page-text.ts'
import type { PageOpened } from './probes/proof-page.ts'
import type { PeerProgram } from './probes/peer.ts'
import type { TrustNeeds } from './needs.ts'
import { clientView, findAtlas, storeViews, hostEnvironmentOf, wantedRoots } from './atlas.ts'
import type { BrowserRow, PageOutcome } from './page-verdict.ts'
import { pageRow, pageRowId, proofsOf } from './proofs.ts'

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
  const proof = wantedProof(parts, client.id)
  const through = views.find(({ state }) => state === 'trusted')?.title ?? null
  return { view: clientView(client, views, proof), through }
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

function wantedProof(parts: TrustNeeds, id: string): TrustProof | null {
  const wanted = wantedRoots(parts)
  return wanted ? proofsOf(hostEnvironmentOf(parts)).of(id, wanted.current.fingerprint) : null
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
export function noteProof(parts: TrustNeeds, { opened, row, outcome, verdict }: Judged): TrustClient | null {
  const wanted = wantedRoots(parts)
  if (!wanted || (outcome.type !== 'trusted' && outcome.type !== 'refused')) return null
  const ok = outcome.type === 'trusted'
  const through = ok ? (row?.through ?? null) : null
  const proof: TrustProof = {
    at: parts.clock().toISOString(),
    ok,
    sentence: ok
      ? `${opened.browser.full}, which was open, finished a handshake with the edge, through ${through ?? 'a store that Edgekeep does not know'}.`
      : `${verdict.title}. ${verdict.sentence}`,
    words: verdict.words,
    through,
  }
  const id = row?.view.id ?? pageRowId(opened.browser.full)
  proofsOf(hostEnvironmentOf(parts)).note(id, wanted.current.fingerprint, proof)
  if (row) return { ...row.view, proof }
  return ok ? pageRow({ id, proof }) : null
}
