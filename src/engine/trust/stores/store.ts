import type { Obstacle, TrustState, TrustStoreView } from '../../../contract/trust/trust.ts'
import type { WantedRoots } from './roots.ts'
import { readFileSync } from 'node:fs'

export interface StoreReading {
  state: TrustState
  sentence: string
  /** Fingerprints of Edgekeep's roots in it. */
  present: string[]
}

export interface TrustStore {
  id: string
  kind: TrustStoreView['kind']
  title: string
  location: string
  /** A change needs the administrator's rights. */
  elevated: boolean
  /** Read by others than this user too, so that it is changed only on request by name. */
  isWide?: boolean
  read(wanted: WantedRoots): Promise<StoreReading>
  /** All authorities that it trusts for web sites, as PEM, where they are not those of the system. */
  roots?(): Promise<string[]>
  /** Reason why it cannot be changed now. */
  obstacle(): Promise<Obstacle | null>
  /** Sentence about the effect of a change. */
  change(action: 'install' | 'undo'): string
  /** Commands to show or to run elevated; empty for a change of files. */
  commands(action: 'install' | 'undo', wanted: WantedRoots): string
  /**
   * Installs the wanted roots and removes former ones.
   * @throws an Error with a sentence
   */
  put(wanted: WantedRoots): Promise<void>
  /** Removes all of Edgekeep's roots. */
  takeOut(wanted: WantedRoots): Promise<void>
  /** Files for an exact undo; none for a store behind a system service. */
  files(wanted: WantedRoots): string[]
}

export function readingOf(
  wanted: WantedRoots,
  found: { trusted: string[]; distrusted: string[]; others: string[] },
): StoreReading {
  const { trusted, distrusted, others } = found
  const { current, retired, ours } = wanted
  const present = ours.map(({ fingerprint }) => fingerprint).filter((each) => trusted.includes(each))
  const say = (state: TrustState, sentence: string): StoreReading => ({ state, sentence, present })
  if (distrusted.includes(current.fingerprint))
    return say('distrusted', 'The local authority is there, and somebody took its trust away by hand.')
  const isMissing = ({ fingerprint }: { fingerprint: string }) => !trusted.includes(fingerprint)
  if (!isMissing(current)) {
    const lost = retired.find(isMissing)
    if (!lost) return say('trusted', 'It has the local authority.')
    return say('stale', `It lacks the earlier root "${lost.title}", which certificates in use chain to.`)
  }
  if (ours.some(({ isForeign, fingerprint }) => !isForeign && present.includes(fingerprint)))
    return say('stale', 'It has an earlier root of the local authority, not the current one.')
  if (others.length > 0)
    return say(
      'another',
      `It has an authority of another Edgekeep (${others[0]?.slice(0, 16)}…), not this one.`,
    )
  return say('missing', 'It does not have the local authority.')
}

export function fileSentence(error: unknown, what: string): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES') return `${what} cannot be written: its permissions do not allow it.`
  if (code === 'EPERM')
    return `${what} cannot be written: it belongs to somebody else or is marked immutable ("lsattr" shows it, "chattr -i" takes it away).`
  if (code === 'EROFS') return `${what} is on a disk that is read-only.`
  if (code === 'ENOSPC') return `${what} cannot be written: the disk is full.`
  return `${what} cannot be changed (${code ?? (error as Error).message}).`
}

/** The text of a file; empty if missing. */
export function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
