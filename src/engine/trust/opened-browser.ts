import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustClient, TrustProof } from '../../contract/trust.ts'
import type { FoundClient } from './clients/find-clients.ts'
import type { PageAnswer } from './probes/page-text.ts'
import type { PageOpened } from './probes/proof-page.ts'
import type { PeerProgram } from './probes/peer.ts'
import type { EngineParts } from '../parts.ts'
import { clientView, findAtlas, storeViews, surroundingsOf, wantedRoots } from './atlas.ts'
import type { BrowserRow, PageOutcome } from './page-verdict.ts'
import { pageRow, pageRowId, proofsOf } from './proofs.ts'

/**
 * The row of the very browser that opened the page: a Firefox by the profile that it has open, others by their kind
 * and whose HOME they read. Where the system does not tell which program it is, the one row of its kind. Null where
 * there is none, or more than one that it could be.
 */
export async function rowOfBrowser(
  parts: EngineParts,
  { browser, program, isProgramTold }: PageOpened,
): Promise<BrowserRow | null> {
  const surroundings = surroundingsOf(parts)
  const { clients, stores } = findAtlas(surroundings)
  const ofKind = clients.filter(({ kind, name }) => kind === 'browser' && name.startsWith(browser.family))
  const [client, another] = isProgramTold
    ? ofKind.filter((each) => program !== null && isRowOf(each, program, surroundings.home))
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

/** Of a program in a snap or a flatpak, as the rows of those end; null for one that is installed as usual. */
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

function wantedProof(parts: EngineParts, id: string): TrustProof | null {
  const wanted = wantedRoots(parts)
  return wanted ? proofsOf(surroundingsOf(parts)).of(id, wanted.current.fingerprint) : null
}

interface Judged {
  opened: PageOpened
  row: BrowserRow | null
  outcome: PageOutcome
  verdict: PageAnswer
}

/**
 * Keeps what came of the page, where that says something of trust: at the row of the browser, else at a row of its
 * own, named as it calls itself, which is there while it is proven. Answers the row; null where there is none.
 */
export function noteProof(parts: EngineParts, { opened, row, outcome, verdict }: Judged): TrustClient | null {
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
  proofsOf(surroundingsOf(parts)).note(id, wanted.current.fingerprint, proof)
  if (row) return { ...row.view, proof }
  return ok ? pageRow({ id, proof }) : null
}
